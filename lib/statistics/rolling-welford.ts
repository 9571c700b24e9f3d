import type { Baseline } from './baseline.ts'
import { chanMerge, type Moments, welford } from './welford.ts'

/** The moments of the values of one stretch of event time. */
export interface MomentsPane extends Moments {
  /** Epoch milliseconds. */
  readonly start: number
}

/** The moments of all panes together, and the panes. Plain data: about 40 bytes encoded for a pane. */
export interface RollingMoments extends Moments {
  /** Start of the latest pane, epoch milliseconds, whether it holds values or not. −Infinity at first. */
  latest: number
  /** Those that hold values, in order of time. */
  readonly panes: MomentsPane[]
}

export interface RollingWelfordOptions {
  /** Event time that is remembered, in milliseconds: `hours(1)`. */
  readonly over: number
  /** Parts in which it is forgotten, 12 unless given. A metric's state grows with them. */
  readonly panes?: number
}

/** A saved state holds every pane; beyond this it is better to weigh values exponentially. */
const mostPanes = 1_000

/**
 * Mean and sample standard deviation of the values of the last `over` of event time: Welford sums in `panes`
 * panes that start at multiples of their length since 1970. The pane at hand is there on top, so what is
 * remembered reaches back by `over` at least and by `over` and one pane at the most. When a pane falls out,
 * the others are merged anew by Chan's formula: nothing is ever subtracted, so nothing cancels.
 *
 * Time that passes without values forgets too. A value out of order counts in the latest pane.
 *
 * Throws a RangeError for a length or a number of panes that cannot work, and what `welford` throws.
 */
export const rollingWelford = ({
  over,
  panes: count = 12,
}: RollingWelfordOptions): Baseline<RollingMoments> => {
  if (!(over > 0 && over < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`over must be more than 0 ms and finite, got ${over}: give a duration like hours(1)`)
  }
  if (!(Number.isInteger(count) && count >= 1 && count <= mostPanes)) {
    throw new RangeError(`panes must be a whole number from 1 to ${mostPanes}, got ${count}`)
  }
  const { accumulate, mean, standardDeviation } = welford()
  const length = over / count

  return {
    create: () => ({ count: 0, mean: 0, m2: 0, latest: Number.NEGATIVE_INFINITY, panes: [] }),
    passTo(state, time) {
      const start = Math.floor(time / length) * length
      // Written so that NaN, which compares false with everything, moves nothing.
      if (!(start > state.latest)) return
      state.latest = start
      // Half a pane off, so that a length that is no whole number cannot round to the wrong side.
      if (forgetBefore(state.panes, start - over - length / 2)) mergeAnew(state)
    },
    accumulate(state, value) {
      if (state.latest === Number.NEGATIVE_INFINITY) {
        throw new Error('a rolling baseline counts in time: call passTo with that of the value first')
      }
      // Refuses what is no number before anything has changed.
      accumulate(state, value)
      let pane = state.panes.at(-1)
      if (pane?.start !== state.latest) {
        pane = { start: state.latest, count: 0, mean: 0, m2: 0 }
        state.panes.push(pane)
      }
      accumulate(pane, value)
    },
    count: (state) => state.count,
    mean,
    standardDeviation,
  }
}

/** Returns whether there was anything to forget. */
const forgetBefore = (panes: MomentsPane[], start: number): boolean => {
  let fallen = 0
  while (fallen < panes.length && (panes[fallen] as MomentsPane).start < start) fallen++
  if (fallen > 0) panes.splice(0, fallen)
  return fallen > 0
}

const mergeAnew = (state: RollingMoments): void => {
  state.count = 0
  state.mean = 0
  state.m2 = 0
  for (const pane of state.panes) chanMerge(state, pane)
}
