import type { Duration } from '../time/duration.ts'
import type { OutputTag } from '../time/output-tag.ts'
import type { Timed } from '../time/timed.ts'

/** Among what is given: the watermark passes `time`. Among what is expected: a clock step moved it there. */
export class Watermark {
  readonly time: number

  constructor(time: number) {
    this.time = time
  }
}

/** Nothing has arrived for a while: steps may give provisional results. */
export class Silence {
  /** How long, in wall time. Undefined: just long enough to be noticed. */
  readonly lasting: Duration | undefined

  constructor(lasting?: Duration) {
    this.lasting = lasting
  }
}

/** What follows arrives at `time` on the wall. */
export class WallTime {
  readonly time: number

  constructor(time: number) {
    this.time = time
  }
}

/** Among what is expected: `value` went to the side output `tag`. */
export class Tagged {
  readonly tag: string
  readonly value: unknown
  /** Undefined stands for every reason, a pattern for every one that matches it. */
  readonly reason: string | RegExp | undefined

  constructor(tag: string, value: unknown, reason: string | RegExp | undefined) {
    this.tag = tag
    this.value = value
    this.reason = reason
  }
}

/** What a test case is made of: events in order of arrival, and what happens between them. */
export type Given<In extends Timed> = In | Watermark | Silence | WallTime

/** Whether a step is an event, and not what happens between events. */
export const isEvent = <In extends Timed>(step: Given<In>): step is In =>
  !(step instanceof Silence || step instanceof WallTime || step instanceof Watermark)

/** An event at `time`: `at(10, 'a')` is `{ time: 10, value: 'a' }`, `at(10, { key: 'k' })` has its fields. */
export function at<const V extends string | number | boolean | null>(
  time: number,
  value: V,
): Timed & { value: V }
export function at<F extends object>(time: number, fields: F): Timed & F
export function at(time: number, value: unknown): Timed {
  return typeof value === 'object' && value !== null ? { time, ...value } : ({ time, value } as Timed)
}

export const watermark = (time: number): Watermark => new Watermark(time)
export const silence = (lasting?: Duration): Silence => new Silence(lasting)
export const wallTime = (time: number): WallTime => new WallTime(time)
/**
 * What `out.to(tag, value, reason)` brings out: `tagged(late, event)`, `tagged(quarantined, event, /ahead/)`.
 * A pattern stands for every reason that matches it, and no reason for any.
 */
export const tagged = <T>({ name }: OutputTag<T>, value: NoInfer<T>, reason?: string | RegExp): Tagged =>
  new Tagged(name, value, reason)
