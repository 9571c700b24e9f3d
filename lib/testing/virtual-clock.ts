import type { Duration } from '../time/duration.ts'
import type { WallClock } from '../time/wall-clock.ts'

/** A wall clock that stands still until a test moves it. */
export interface VirtualClock extends WallClock {
  /** Moves on by `duration`, calling what falls due on the way, in order of time and then of asking. */
  advance(duration: Duration): void
  /** Sets the time of day, as a time server does, forward or back: no time passes, and nothing falls due. */
  set(time: number): void
  /** How many calls are waited for. */
  readonly waiting: number
}

interface Call {
  readonly due: number
  readonly work: () => void
}

/** @param start Epoch milliseconds at which the clock stands, 0 unless given. */
export const virtualClock = (start = 0): VirtualClock => {
  let passed = 0
  let midnight = start
  const calls: Call[] = []

  const forget = (call: Call): void => {
    const index = calls.indexOf(call)
    if (index >= 0) calls.splice(index, 1)
  }

  const nextUntil = (end: number): Call | undefined => {
    let first: Call | undefined
    for (const call of calls) if (call.due <= end && (!first || call.due < first.due)) first = call
    return first
  }

  return {
    now: () => midnight + passed,
    monotonic: () => passed,
    after(delay, work) {
      if (Number.isNaN(delay)) throw new RangeError('delay must be a number of milliseconds, got NaN')
      const call = { due: passed + Math.max(0, delay), work }
      calls.push(call)
      return () => forget(call)
    },
    advance(duration) {
      if (!(duration >= 0)) throw new RangeError(`duration must be 0 ms or more, got ${duration}`)
      const end = passed + duration
      for (let call = nextUntil(end); call; call = nextUntil(end)) {
        forget(call)
        passed = call.due
        call.work()
      }
      passed = end
    },
    set(time) {
      midnight = time - passed
    },
    get waiting() {
      return calls.length
    },
  }
}
