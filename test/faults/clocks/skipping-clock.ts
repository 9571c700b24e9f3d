import type { Duration } from '../../../lib/time/duration.ts'
import type { WallClock } from '../../../lib/time/wall-clock.ts'
import { systemClock } from '../../../lib/time/wall-clock.ts'

interface Call {
  readonly due: number
  readonly work: () => void
  cancel: () => void
}

/**
 * The clock of this machine, from which stretches can be cut out: whoever has it lives through them at once.
 */
export class SkippingClock implements WallClock {
  private skipped = 0
  private readonly calls = new Set<Call>()

  now(): number {
    return systemClock.now() + this.skipped
  }

  monotonic(): number {
    return systemClock.monotonic() + this.skipped
  }

  after(delay: Duration, work: () => void): () => void {
    const call: Call = { due: this.now() + delay, work, cancel: () => {} }
    this.arm(call)
    return () => this.forget(call)
  }

  /** Goes on to `moment` at once. What falls due on the way is called in order, each at its time. */
  skipTo(moment: number): void {
    for (let call = this.nextUntil(moment); call; call = this.nextUntil(moment)) {
      this.forget(call)
      this.skipped += Math.max(0, call.due - this.now())
      call.work()
    }
    this.skipped += Math.max(0, moment - this.now())
    for (const call of this.calls) {
      call.cancel()
      this.arm(call)
    }
  }

  private arm(call: Call): void {
    this.calls.add(call)
    call.cancel = systemClock.after(Math.max(0, call.due - this.now()), () => {
      this.forget(call)
      call.work()
    })
  }

  private forget(call: Call): void {
    call.cancel()
    this.calls.delete(call)
  }

  private nextUntil(moment: number): Call | undefined {
    let next: Call | undefined
    for (const call of this.calls) if (call.due <= moment && (!next || call.due < next.due)) next = call
    return next
  }
}
