import { type Duration, milliseconds } from '../../time/duration.ts'
import type { Timed } from '../../time/timed.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { Delivery } from '../delivery.ts'

/** Time for which deliveries are taken before commits and the replay get their turn. */
const takeFor: Duration = milliseconds(10)

export interface ArrivalsOptions {
  readonly clock: WallClock
  /** Whether the journal of an earlier process is being replayed. */
  readonly isReplaying: () => boolean
  readonly take: (delivery: Delivery<Timed>) => void
}

/**
 * Deliveries on their way into the stages that read a source. During a replay the first delivery of an actor
 * repeats all turns of that actor, which can take as long as thousands of new ones: deliveries then wait
 * here, in order, so that what was taken is committed and acknowledged meanwhile.
 */
export class Arrivals {
  private readonly options: ArrivalsOptions
  private waiting: Delivery<Timed>[] = []
  private first = 0
  private until = 0
  private isScheduled = false
  private isClosed = false
  private readonly whenEmpty: (() => void)[] = []

  constructor(options: ArrivalsOptions) {
    this.options = options
  }

  add(delivery: Delivery<Timed>): void {
    if (this.isEmpty && this.hasTime()) this.options.take(delivery)
    else this.waiting.push(delivery)
  }

  /** Resolves when every delivery has been taken. */
  emptied(): Promise<void> {
    return this.isEmpty ? Promise.resolve() : new Promise((resolve) => this.whenEmpty.push(resolve))
  }

  /** Takes nothing more and rejects what waits. */
  close(): void {
    this.isClosed = true
    const left = this.waiting.slice(this.first)
    this.clear()
    for (const { duty } of left)
      duty.reject?.(new Error('The source has ended before this delivery was taken'))
  }

  private get isEmpty(): boolean {
    return this.first === this.waiting.length
  }

  private hasTime(): boolean {
    const { clock, isReplaying } = this.options
    if (!isReplaying()) return true
    const now = clock.monotonic()
    if (!this.isScheduled) {
      this.isScheduled = true
      this.until = now + takeFor
      clock.after(0, () => {
        this.isScheduled = false
        this.goOn()
      })
    }
    return now <= this.until
  }

  private goOn(): void {
    while (!this.isClosed && !this.isEmpty && this.hasTime()) {
      this.options.take(this.waiting[this.first++]!)
    }
    if (this.isEmpty) this.clear()
  }

  private clear(): void {
    this.waiting = []
    this.first = 0
    for (const resolve of this.whenEmpty.splice(0)) resolve()
  }
}
