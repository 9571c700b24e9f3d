import { seconds } from '../time/duration.ts'
import { systemClock, type WallClock } from '../time/wall-clock.ts'

/**
 * The clock on the wall of one case. It moves when the case says so. What is asked for within a second is
 * done at once, since the machinery waits so for its own writes; what takes longer waits for `pass`.
 */
export class CaseClock implements WallClock {
  private time: number
  private readonly calls = new Set<{ readonly due: number; readonly work: () => void }>()

  constructor(time: number) {
    this.time = time
  }

  now(): number {
    return this.time
  }

  monotonic(): number {
    return this.time
  }

  after(delay: number, work: () => void): () => void {
    if (delay < seconds(1)) return systemClock.after(0, work)
    const call = { due: this.time + delay, work }
    this.calls.add(call)
    return () => this.calls.delete(call)
  }

  /** Moves to `time` without calling anything: nobody looks at the clock meanwhile. */
  jump(time: number): void {
    this.time = time
  }

  /** Moves to `time` and calls what has fallen due, each once. */
  pass(time: number): void {
    this.time = time
    for (const call of [...this.calls]) {
      if (call.due <= time && this.calls.delete(call)) call.work()
    }
  }
}
