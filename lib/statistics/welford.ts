import type { Accumulator } from './accumulator.ts'
import { type Baseline, requireNumber } from './baseline.ts'

/** Everything the mean and the variance of what was seen depend on. */
export interface Moments {
  count: number
  mean: number
  /** Sum of the squared differences from the mean. */
  m2: number
}

export interface Summary {
  readonly count: number
  readonly mean: number
  /** Sample variance: the divisor is count − 1. */
  readonly variance: number
  /** Square root of the sample variance. */
  readonly standardDeviation: number
}

/** Sample variance, divisor count − 1: what the values say about the source they come from. 0 below two. */
export const sampleVariance = (state: Moments): number => (state.count > 1 ? state.m2 / (state.count - 1) : 0)

/** Population variance, divisor count: the spread of exactly these values. 0 when there are none. */
export const populationVariance = (state: Moments): number => (state.count > 0 ? state.m2 / state.count : 0)

const standardDeviation = (state: Moments): number => Math.sqrt(sampleVariance(state))

const accumulate = (state: Moments, value: number): void => {
  requireNumber(value)
  const before = value - state.mean
  state.count += 1
  state.mean += before / state.count
  state.m2 += before * (value - state.mean)
}

/**
 * Merges the moments of two sets of values: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating Formulae and
 * a Pairwise Algorithm for Computing Sample Variances", Stanford STAN-CS-79-773 (1979).
 */
export const chanMerge = (state: Moments, other: Moments): void => {
  const count = state.count + other.count
  if (other.count === 0) return
  const difference = other.mean - state.mean
  state.m2 += other.m2 + difference * difference * ((state.count / count) * other.count)
  state.mean += difference * (other.count / count)
  state.count = count
}

const baseline: Baseline<Moments> & Accumulator<number, Summary, Moments> = {
  create: () => ({ count: 0, mean: 0, m2: 0 }),
  accumulate,
  combine: chanMerge,
  count: (state) => state.count,
  mean: (state) => state.mean,
  standardDeviation,
  finish: (state) => ({
    count: state.count,
    mean: state.mean,
    variance: sampleVariance(state),
    standardDeviation: standardDeviation(state),
  }),
}

/**
 * Mean and sample standard deviation of everything seen, in one pass that never subtracts large sums:
 * B. P. Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products",
 * Technometrics 4 (1962) 419–420. Throws a RangeError for NaN, infinities and magnitudes above 1e150.
 */
export const welford = (): typeof baseline => baseline
