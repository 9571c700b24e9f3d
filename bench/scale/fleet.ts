import { Subject } from 'rxjs'
import { actors } from '../../lib/actors/actors.ts'
import type { Behavior } from '../../lib/actors/behavior.ts'
import type { Pace } from '../../lib/actors/commit/pace.ts'
import { Delivery } from '../../lib/actors/delivery.ts'
import type { WindowResult } from '../../lib/processors/window.ts'
import type { Store } from '../../lib/state/store.ts'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import { benchSteps } from '../engine/behavior.ts'
import type { Sample } from '../engine/samples.ts'

/** Actors in memory at the most, as `actors` has it unless told otherwise. */
export const residentLimit = 50_000
/** Readings unacknowledged at the most: what the broker allows over all its clients. */
const inFlightAtMost = 20_000
/** Readings sent before timers and commits get their turn. */
const sentAtATime = 500

/** Readings into `actors` over a store, as fast as they are acknowledged, and counts of what came of them. */
export class Fleet {
  /** Readings acknowledged. */
  acknowledged = 0
  /** Times that an actor was brought into memory. */
  wakes = 0
  /** Turns that gave provisional results: ticks of actors with open windows. */
  ticks = 0
  private sent = 0
  private readonly beats: number[] = []
  private readonly source = new Subject<Delivery<Sample>>()
  private readonly finished: Promise<void>
  private wake: (() => void) | undefined

  constructor(store: Store, clock: WallClock, ticksPerSecond: number, pace: Partial<Pace> = {}) {
    const { time, watch } = benchSteps(0)
    const behavior: Behavior<Sample, unknown> = (samples, actor) => {
      this.wakes++
      return samples.pipe(actor.durable('time', time), actor.durable('watch', watch))
    }
    const options = { behavior, store, clock, ticksPerSecond, resident: residentLimit, pace }
    this.finished = new Promise((resolve, reject) => {
      this.source.pipe(actors<Sample, unknown>({ key: ({ sensor }) => sensor, ...options })).subscribe({
        next: ({ values }) => {
          if (values.some(isProvisional)) this.ticks++
        },
        complete: resolve,
        error: reject,
      })
    })
    this.finished.catch(() => {})
  }

  /** Sends what `next` makes, `count` times. Resolves when there is room for more. */
  async send(count: number, next: () => Sample): Promise<void> {
    for (let index = 0; index < count; ) {
      const end = Math.min(index + sentAtATime, count)
      this.sent += end - index
      for (; index < end; index++) this.source.next(new Delivery([next()], this.duty))
      await this.breathe()
    }
  }

  /** Lets everything else have its turn, and waits while too much is unacknowledged. */
  async breathe(): Promise<void> {
    await new Promise((resume) => setImmediate(resume))
    while (this.sent - this.acknowledged > inFlightAtMost) await this.acknowledgement()
  }

  /** Asks to be told when all up to now is flushed. */
  beat(): void {
    this.sent++
    this.beats.push(this.sent)
    this.source.next(new Delivery<Sample>([], this.duty))
  }

  /** Beats that are not flushed yet. */
  get beatsWaiting(): number {
    while (this.beats.length > 0 && this.acknowledged >= this.beats[0]!) this.beats.shift()
    return this.beats.length
  }

  /** Resolves when all that was sent is acknowledged. */
  async acknowledgedAll(): Promise<void> {
    while (this.acknowledged < this.sent) await this.acknowledgement()
  }

  stop(): Promise<void> {
    this.source.complete()
    return this.finished
  }

  private readonly duty = {
    ack: (): void => {
      this.acknowledged++
      this.wake?.()
      this.wake = undefined
    },
    reject: (): void => {},
  }

  private acknowledgement(): Promise<void> {
    return new Promise((resume) => {
      this.wake = resume
    })
  }
}

const isProvisional = (value: unknown): boolean =>
  (value as Partial<WindowResult<number>>).status === 'provisional'
