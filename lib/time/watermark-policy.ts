import type { Duration } from './duration.ts'

/** How far event time has come, judged by the events seen. State is plain data, changed in place. */
export interface WatermarkPolicy<State = unknown> {
  create(): State
  /** Takes note of the time of an event and returns the watermark that holds from now on. */
  observe(state: State, time: number): number
}

export interface LatestTime {
  latest: number
}

/**
 * Events may come up to `bound` after others that happened later: the watermark stays `bound` and one
 * millisecond behind the latest event time. That millisecond is there because a watermark W promises that
 * nothing at W itself will follow.
 *
 * @param bound 0 or more.
 */
export const boundedOutOfOrderness = (bound: Duration): WatermarkPolicy<LatestTime> => {
  if (!(bound >= 0 && bound < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `bound must be 0 ms or more and finite, got ${bound}: give a duration like seconds(30)`,
    )
  }
  return {
    create: () => ({ latest: Number.NEGATIVE_INFINITY }),
    observe(state, time) {
      if (time > state.latest) state.latest = time
      return state.latest - bound - 1
    },
  }
}
