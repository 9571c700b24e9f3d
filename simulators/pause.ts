import type { Duration } from '../lib/time/duration.ts'
import type { WallClock } from '../lib/time/wall-clock.ts'

/** Resolves `length` from now, or as soon as the signal is given. */
export const pause = (clock: WallClock, length: Duration, signal?: AbortSignal): Promise<void> => {
  let cancel = (): void => {}
  const over = new Promise<void>((resolve) => {
    cancel = clock.after(length, resolve)
  })
  return orAborted(over, signal).finally(() => cancel())
}

/** Resolves with `work` or when the signal is given, whichever is first, and leaves no listener behind. */
export function orAborted(work: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (!signal) return work
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
