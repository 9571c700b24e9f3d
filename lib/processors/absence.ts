import { type Duration, minutes } from '../time/duration.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'

/** Somebody has fallen silent, or is back. All times are wall time: event time says nothing of a silence. */
export interface Absence extends Timed {
  /** When the silence was noticed, or when it ended. */
  readonly time: number
  readonly phase: 'absent' | 'returned'
  /** Arrival of the last event before the silence: it names the absence. */
  readonly since: number
}

/** Plain data: about 60 bytes encoded. */
export interface Presence {
  /** Wall time of the first arrival, and of the last. Null when there was none. */
  first: number | null
  heard: number
  /** The longest pause between two arrivals that is usual, in milliseconds. */
  pause: Duration
  absent: boolean
}

export interface AbsenceOptions {
  /**
   * How many times the longest usual pause a silence must last. 3 unless given, 0 to take every silence that
   * the stage notices.
   */
  readonly pauses?: number
  /**
   * Wall time over which there must have been arrivals before anybody is missed: who came once need not come
   * again. 10 minutes unless given, Infinity to miss nobody.
   */
  readonly warmUp?: Duration
}

/** Of the time that passes, this part is taken off the longest pause: ten minutes forget one. */
const forgetting = 0.1

/**
 * Emits `absent` when its actor has been silent in wall time, and `returned` with the next event: each once
 * an absence. Silences are noticed by the stage, after its `idleAfter` and again after its `closeAfter`.
 * Who usually pauses for longer is given `pauses` of its pauses: the longest is learned, and is forgotten
 * slowly while all are shorter. An absence counts as at most twice the pause that would just have been
 * borne, so that an outage teaches little, and a new rhythm is missed once.
 *
 * The events themselves go no further: let it stand beside the other steps, on the actor's inbox, so that
 * every arrival counts, be it late or of a time that cannot be trusted.
 */
export const absence = <In extends Timed>({
  pauses = 3,
  warmUp = minutes(10),
}: AbsenceOptions = {}): Processor<In, Absence, Presence> => {
  if (!(pauses >= 0)) throw new RangeError(`pauses must be 0 or more, got ${pauses}: give a number`)
  if (!(warmUp >= 0)) throw new RangeError(`warmUp must be 0 ms or more, got ${warmUp}: give a duration`)

  const isMissed = ({ first, heard, absent }: Presence): boolean =>
    !absent && first !== null && heard - first >= warmUp

  return {
    create: () => ({ first: null, heard: 0, pause: 0, absent: false }),
    onEvent(state, _event, out, { arrival }) {
      // The clock of a machine may be set back.
      const silence = state.first === null ? 0 : Math.max(0, arrival - state.heard)
      const pause = state.absent ? Math.min(silence, 2 * state.pause) : silence
      if (state.absent) out.emit({ time: arrival, phase: 'returned', since: state.heard })
      state.pause = Math.max(pause, state.pause - forgetting * pause)
      // Written only when it changes: a field that may be null holds its numbers in objects of their own.
      if (state.first === null || arrival < state.first) state.first = arrival
      state.heard = arrival
      state.absent = false
    },
    onIdle(state, out, { arrival }) {
      const silence = arrival - state.heard
      if (!isMissed(state) || silence < pauses * state.pause) return
      if (pauses > 0) state.pause = Math.max(state.pause, silence / pauses)
      state.absent = true
      out.emit({ time: arrival, phase: 'absent', since: state.heard })
    },
    awaitsSilence: isMissed,
  }
}
