import type { Silence } from '../../state/rows/actor-row.ts'
import type { Duration } from '../../time/duration.ts'

/** How long an actor must be silent for each of its two ticks. */
export interface SilenceTimes {
  /** What is pending gives provisional results. */
  readonly idleAfter: Duration
  /** What is open is closed. */
  readonly closeAfter: Duration
}

/** What is known of a silence. */
export interface Silent {
  /** Wall time of the last event. */
  readonly lastEvent: number
  /** Ticks that it has had. */
  readonly silence: Silence
}

/** Silence after which the first of the ticks is due. */
export const firstTickAfter = ({ idleAfter, closeAfter }: SilenceTimes): Duration =>
  Math.min(idleAfter, closeAfter)

/** Wall time, a whole number, at which a silence is due for its next tick. Infinity when it has had all. */
export const nextTick = (times: SilenceTimes, { lastEvent, silence }: Silent): number => {
  if (silence === 'closed') return Number.POSITIVE_INFINITY
  return Math.ceil(lastEvent + (silence === 'idle' ? times.closeAfter : firstTickAfter(times)))
}

/** The tick a silence is due for at `now`, if any. After a long one provisional results are skipped. */
export const dueTick = (times: SilenceTimes, silent: Silent, now: number): 'idle' | 'close' | undefined => {
  if (nextTick(times, silent) > now) return undefined
  return now - silent.lastEvent >= times.closeAfter ? 'close' : 'idle'
}
