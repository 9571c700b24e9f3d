import type { Duration } from '../time/duration.ts'
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

/** An event that went to the late output. */
export class Late {
  readonly event: Timed

  constructor(event: Timed) {
    this.event = event
  }
}

/** An event that went to the quarantine output. A pattern stands for every reason that matches it. */
export class Quarantined {
  readonly event: Timed
  readonly reason: string | RegExp

  constructor(event: Timed, reason: string | RegExp) {
    this.event = event
    this.reason = reason
  }
}

/** Something that went to the dead letters, because a behavior threw. A pattern stands for every reason. */
export class Dead {
  readonly value: unknown
  readonly reason: string | RegExp

  constructor(value: unknown, reason: string | RegExp) {
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
export const late = (event: Timed): Late => new Late(event)
export const quarantined = (event: Timed, reason: string | RegExp): Quarantined =>
  new Quarantined(event, reason)
export const dead = (value: unknown, reason: string | RegExp): Dead => new Dead(value, reason)
