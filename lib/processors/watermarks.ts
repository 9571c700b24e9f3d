import { type Duration, minutes } from '../time/duration.ts'
import { quarantined } from '../time/output-tag.ts'
import type { ClockProcessor } from '../time/processor.ts'
import { timeInWords } from '../time/time-in-words.ts'
import type { Timed } from '../time/timed.ts'
import type { WatermarkPolicy } from '../time/watermark-policy.ts'

export interface WatermarkOptions {
  /** How far ahead of its arrival an event may be. 5 minutes unless given. */
  readonly maxFutureSkew?: Duration
  /** How far behind its arrival an event may be. Unlimited unless given: history is welcome. */
  readonly maxPastSkew?: Duration
  /**
   * Epoch milliseconds before which no clock that was ever set can stand: unset ones wake up in 1970, 1980 or
   * 2000. 2001-01-01 unless given.
   */
  readonly earliest?: number
}

const year2001 = 978_307_200_000

/**
 * The clock step: passes every event on and then moves the actor's watermark by `policy`. An event whose
 * time cannot be trusted (no finite number, too far ahead of its arrival, before `earliest`) goes to the
 * quarantine output and never moves the clock. Late events pass too: whether late is too late is for the
 * step to say that holds the result, a window with its allowed lateness for one.
 */
export const watermarks = <In extends Timed, State>(
  policy: WatermarkPolicy<State>,
  {
    maxFutureSkew = minutes(5),
    maxPastSkew = Number.POSITIVE_INFINITY,
    earliest = year2001,
  }: WatermarkOptions = {},
): ClockProcessor<In, State> => {
  requireLength('maxFutureSkew', maxFutureSkew)
  requireLength('maxPastSkew', maxPastSkew)
  if (Number.isNaN(earliest)) throw new RangeError('earliest must be epoch milliseconds, got NaN')

  const reasonToDoubt = (time: number, arrival: number): string | undefined => {
    if (!Number.isFinite(time)) return `time must be epoch milliseconds, got ${time}: send a number`
    if (time - arrival > maxFutureSkew) {
      const ahead = `time ${timeInWords(time)} is ${time - arrival} ms ahead of its arrival`
      return `${ahead}, more than maxFutureSkew (${maxFutureSkew} ms): set its source's clock or raise it`
    }
    if (time < earliest) {
      const before = `time ${timeInWords(time)} is before ${timeInWords(earliest)}`
      return `${before}: set the clock of its source, send milliseconds, or lower earliest`
    }
    if (arrival - time > maxPastSkew) {
      const behind = `time ${timeInWords(time)} is ${arrival - time} ms behind its arrival`
      return `${behind}, more than maxPastSkew (${maxPastSkew} ms): set its source's clock or raise it`
    }
    return undefined
  }

  return {
    isClock: true,
    create: () => policy.create(),
    onEvent(state, event, out, turn) {
      const reason = reasonToDoubt(event.time, turn.arrival)
      if (reason !== undefined) return out.to(quarantined, event, reason)
      out.emit(event)
      turn.advance(policy.observe(state, event.time))
    },
  }
}

const requireLength = (name: string, length: Duration): void => {
  if (!(length >= 0)) throw new RangeError(`${name} must be 0 ms or more, got ${length}: give a duration`)
}
