import type { Duration } from './duration.ts'

/** The clock on the wall, and the only way to wait. Injected, so that a test decides what time it is. */
export interface WallClock {
  /** Epoch milliseconds. A person or a time server may set it, forward or back. */
  now(): number
  /** Milliseconds since a moment of its own, which nobody sets: for how long something takes. */
  monotonic(): number
  /** Calls `work` once, `delay` milliseconds from now. The returned function cancels it. */
  after(delay: Duration, work: () => void): () => void
}

/** The clock of this machine. */
export const systemClock: WallClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delay, work) {
    let timer: NodeJS.Timeout
    const wait = (left: Duration): void => {
      timer = setTimeout(
        () => (left > longestTimeout ? wait(left - longestTimeout) : work()),
        Math.min(left, longestTimeout),
      )
    }
    wait(delay)
    return () => clearTimeout(timer)
  },
}

/** `setTimeout` calls at once what is to wait longer. */
const longestTimeout: Duration = 2 ** 31 - 1
