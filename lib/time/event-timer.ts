import { type SchedulerAction, Subscription } from 'rxjs'
import type { Timer } from './timer-queue.ts'

/** What an event timer needs of its clock. */
export interface TimerHost {
  start(timer: EventTimer<unknown>, delay: number): void
  stop(timer: EventTimer<unknown>): void
}

/** A piece of work that waits for event time to pass; in the terms of RxJS, an action. */
export class EventTimer<T> extends Subscription implements SchedulerAction<T>, Timer {
  due = Number.POSITIVE_INFINITY
  order = 0
  place = -1
  private readonly host: TimerHost
  private readonly work: (this: SchedulerAction<T>, state: T) => void
  private state: T | undefined

  constructor(host: TimerHost, work: (this: SchedulerAction<T>, state: T) => void) {
    super()
    this.host = host
    this.work = work
  }

  /** Fires `delay` milliseconds of event time from now, instead of whenever it was to fire before. */
  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) return this
    this.state = state
    this.host.start(this as EventTimer<unknown>, delay)
    return this
  }

  fire(): void {
    this.work.call(this, this.state as T)
  }

  override unsubscribe(): void {
    if (this.closed) return
    this.host.stop(this as EventTimer<unknown>)
    super.unsubscribe()
  }
}
