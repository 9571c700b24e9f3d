import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs'
import { EventTimer, type TimerHost } from './event-timer.ts'
import { TimerQueue } from './timer-queue.ts'

export interface EventClockOptions {
  /** Event time to start at. −Infinity, not known yet, unless given. */
  readonly now?: number
  /** Takes what a timer threw. The timer is dropped, the others go on. */
  readonly onError: (error: unknown) => void
}

/** Timers that one `advance` fires at the most. */
export const firingsPerAdvance = 10_000

/**
 * Event time as an RxJS scheduler: `now()` is a watermark, and timers fire in time order when `advance`
 * passes them; of those due together, the first scheduled first. Timers scheduled before the first watermark
 * count from it. One scheduled while another fires, with delay 0, fires in the same advance.
 *
 * Costs nothing until a timer is scheduled.
 */
export class EventClock implements SchedulerLike, TimerHost {
  private time: number
  private target: number
  private queue: TimerQueue<EventTimer<unknown>> | undefined
  private advancing = false
  private readonly onError: (error: unknown) => void

  constructor({ now = Number.NEGATIVE_INFINITY, onError }: EventClockOptions) {
    this.time = now
    this.target = now
    this.onError = onError
  }

  /** Event time in epoch milliseconds, −Infinity before the first watermark. */
  now(): number {
    return this.time
  }

  /** When the earliest timer is due, Infinity when none is or when the first watermark is not known yet. */
  get nextDue(): number {
    if (this.time === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY
    return this.queue?.first?.due ?? Number.POSITIVE_INFINITY
  }

  /** Calls `work` when `delay` ms of event time have passed. Throws a RangeError for a NaN delay. */
  schedule<T>(work: (this: SchedulerAction<T>, state: T) => void, delay?: number, state?: T): Subscription {
    return new EventTimer(this, work).schedule(state, delay)
  }

  /**
   * Moves the clock on to `time`, firing what is due on the way, and returns how many timers fired. A `time`
   * behind the clock changes nothing. When `atMost` have fired the clock stops where it is: `nextDue` still
   * shows what is left, and the next advance goes on from there. Called while a timer fires, it only says
   * how far the advance under way is to go. Throws a RangeError for NaN and Infinity.
   */
  advance(time: number, atMost = firingsPerAdvance): number {
    if (Number.isNaN(time) || time === Number.POSITIVE_INFINITY) {
      throw new RangeError(
        `time must be a moment in epoch milliseconds, got ${time}: check the watermark policy`,
      )
    }
    if (time > this.target) this.target = time
    if (this.advancing || this.target === Number.NEGATIVE_INFINITY) return 0
    if (this.time === Number.NEGATIVE_INFINITY) this.begin()
    const fired = this.queue ? this.fireDue(this.queue, atMost) : 0
    if (this.nextDue > this.target) this.time = this.target
    return fired
  }

  start(timer: EventTimer<unknown>, delay: number): void {
    if (Number.isNaN(delay)) {
      throw new RangeError('delay must be a number of milliseconds, got NaN: check how it is computed')
    }
    this.queue ??= new TimerQueue()
    this.queue.remove(timer)
    const origin = this.time === Number.NEGATIVE_INFINITY ? 0 : this.time
    timer.due = origin + Math.max(0, delay)
    this.queue.add(timer)
  }

  stop(timer: EventTimer<unknown>): void {
    this.queue?.remove(timer)
  }

  /** Until now timers counted from 0. From here on they count from the first watermark. */
  private begin(): void {
    this.time = this.target
    this.queue?.postpone(this.target)
  }

  private fireDue(queue: TimerQueue<EventTimer<unknown>>, atMost: number): number {
    let fired = 0
    this.advancing = true
    try {
      for (
        let timer = queue.first;
        timer && timer.due <= this.target && fired < atMost;
        timer = queue.first
      ) {
        queue.remove(timer)
        this.time = Math.max(this.time, timer.due)
        fired += 1
        this.fire(timer)
      }
    } finally {
      this.advancing = false
    }
    return fired
  }

  private fire(timer: EventTimer<unknown>): void {
    try {
      timer.fire()
    } catch (error) {
      timer.unsubscribe()
      this.onError(error)
    }
  }
}
