import type { Baseline } from '../statistics/baseline.ts'
import type { Output } from '../time/output.ts'
import type { DeviationState } from './deviation-state.ts'

/** One change in an episode: a stretch of time in which values depart from their baseline. */
export interface Deviation {
  /** Event time of the value that caused this. */
  readonly time: number
  /**
   * Event time at which the departure began, and so the episode's name: of the first value of those whose
   * excess added up to the opening (Page's estimate of the moment of a change).
   */
  readonly since: number
  readonly phase: 'opened' | 'updated' | 'closed'
  /**
   * Provisional: judged on arrival. Confirmed: judged in event order, behind the watermark, and independent
   * of the order of arrival. Withdrawn (and closed): a provisional opening that event order did not bear out.
   */
  readonly status: 'provisional' | 'confirmed' | 'withdrawn'
  readonly value: number
  /** Distance from the baseline's mean in its standard deviations, signed. Always finite. */
  readonly score: number
  readonly baseline: { readonly mean: number; readonly standardDeviation: number; readonly count: number }
}

/** Emits a change in an episode of `state`. */
export const reporter =
  <B>(baseline: Baseline<B>, score: (state: DeviationState<B>, value: number) => number) =>
  (
    state: DeviationState<B>,
    out: Output<Deviation>,
    phase: Deviation['phase'],
    status: Deviation['status'],
    since: number,
    time: number,
    value: number,
  ): void => {
    const mean = baseline.mean(state.baseline)
    const count = baseline.count(state.baseline)
    const compared = { mean, standardDeviation: baseline.standardDeviation(state.baseline), count }
    out.emit({ time, since, phase, status, value, score: score(state, value), baseline: compared })
  }
