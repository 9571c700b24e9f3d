import { noPending, type PendingValues } from './pending.ts'

/** Plain data: about 300 bytes encoded when nothing is pending. */
export interface DeviationState<B> {
  baseline: B
  /** What has been seen since the opening. Not null while a confirmed episode is open. */
  learning: B | null
  pending: PendingValues
  /** The last settled value, and how strongly such a value correlates with the one before it. */
  previous: number
  correlation: number
  /**
   * The smallest step between two settled values, 0 for none yet, and the one in use: it rests in an episode.
   */
  step: number
  resolution: number
  /** Sum of what lay beyond `sigmas` in event order, signed, and since when it is not 0. */
  excess: number
  since: number
  /** The same in order of arrival. */
  arriving: number
  arrivingSince: number
  /** A provisional episode is open, and the value that opened it is of this time. */
  provisional: boolean
  provisionalTime: number
  /** Of the open episode: score when last reported, when that was, and successive values that were calm. */
  worst: number
  updated: number
  calm: number
  /** Values taken so far, whatever became of the baseline: all but late ones. */
  taken: number
}

/** A state of version 2, which held fields that its outputs had to carry along. */
export type DeviationStateV2<B> = DeviationState<B> & { readonly carried: object | null }

/** A state of version 1, which did not count what it took either. */
export type DeviationStateV1<B> = Omit<DeviationStateV2<B>, 'taken'>

/** At least what the saved baseline has learned from, and what was to be settled. */
export const countTaken = <B>(
  saved: DeviationStateV1<B>,
  count: (baseline: B) => number,
): DeviationStateV2<B> => ({
  ...saved,
  taken: count(saved.baseline) + saved.pending.length,
})

/** The same state without those fields. */
export const dropCarried = <B>({ carried: _, ...saved }: DeviationStateV2<B>): DeviationState<B> => saved

export const deviationState = <B>(baseline: B): DeviationState<B> => ({
  baseline,
  learning: null,
  pending: noPending(),
  previous: 0,
  correlation: 0,
  step: 0,
  resolution: 0,
  excess: 0,
  since: 0,
  arriving: 0,
  arrivingSince: 0,
  provisional: false,
  provisionalTime: 0,
  worst: 0,
  updated: 0,
  calm: 0,
  taken: 0,
})
