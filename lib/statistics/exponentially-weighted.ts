import { type Baseline, requireNumber } from './baseline.ts'

export interface WeightedMoments {
  count: number
  mean: number
  /** Weighted population variance. */
  variance: number
}

/**
 * A baseline that forgets: each new value weighs w = max(1/n, 1/memory), so that it is the plain cumulative
 * mean until `memory` values were seen and an exponentially weighted one from then on. With d = x − mean:
 * mean += w·d, variance = (1 − w)(variance + w·d²). T. Finch, "Incremental calculation of weighted mean and
 * variance", University of Cambridge (2009), section 9. The variance is that of the weighted population.
 *
 * @param memory Number of values, 1 or more; the weight of a value falls to 1/e after about this many.
 */
export const exponentiallyWeighted = (memory: number): Baseline<WeightedMoments> => {
  if (!(memory >= 1)) throw new RangeError(`memory must be 1 or more values, got ${memory}: give a count`)
  const leastWeight = 1 / memory
  return {
    create: () => ({ count: 0, mean: 0, variance: 0 }),
    accumulate(state, value) {
      requireNumber(value)
      state.count += 1
      const weight = Math.max(1 / state.count, leastWeight)
      const difference = value - state.mean
      state.mean += weight * difference
      state.variance = (1 - weight) * (state.variance + weight * difference * difference)
    },
    count: (state) => state.count,
    mean: (state) => state.mean,
    standardDeviation: (state) => Math.sqrt(state.variance),
  }
}
