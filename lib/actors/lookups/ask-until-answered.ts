import { decode, encode } from '../../state/rows/codec.ts'
import { type Duration, milliseconds, seconds } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { Answered, Question } from './lookup.ts'

/** Pause after the first failure in a row; it doubles up to the longest. */
const firstPause: Duration = milliseconds(100)
const longestPause: Duration = seconds(10)

/**
 * Asks, and on failure again with growing pauses, until there is an answer or the tries are used up. Once
 * `stop` aborts, what it resolves with means nothing.
 */
export async function askUntilAnswered(
  { step, id, event, options }: Question,
  clock: WallClock,
  stop: AbortSignal,
): Promise<Answered> {
  const { tries = 5 } = options
  let pause = firstPause
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await tryOnce(options, event, clock, stop)
      // What a replay will be given is what the turn is given now. Throws when it cannot be journaled.
      return { step, id, answer: decode(encode(answer)) }
    } catch (error) {
      if (attempt >= tries || stop.aborted) {
        return { step, id, error: `lookup "${step}" had no answer in ${attempt} tries: ${String(error)}` }
      }
    }
    await waitFor(pause, clock, stop)
    pause = Math.min(pause * 2, longestPause)
  }
}

/** Rejects when `ask` does, when it takes too long, and when it is told to stop. */
async function tryOnce(
  { ask, timeout = seconds(10) }: Question['options'],
  event: Question['event'],
  clock: WallClock,
  stop: AbortSignal,
): Promise<unknown> {
  stop.throwIfAborted()
  const giveUp = new AbortController()
  const onStop = (): void => giveUp.abort(stop.reason)
  stop.addEventListener('abort', onStop)
  const cancel = clock.after(timeout, () => giveUp.abort(new Error(`it took longer than ${timeout} ms`)))
  try {
    return await Promise.race([ask(event, { signal: giveUp.signal }), rejectedBy(giveUp.signal)])
  } finally {
    cancel()
    stop.removeEventListener('abort', onStop)
  }
}

const rejectedBy = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })

function waitFor(duration: Duration, clock: WallClock, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      stop.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(duration, end)
    stop.addEventListener('abort', end)
  })
}
