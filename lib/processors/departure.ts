import type { Baseline } from '../statistics/baseline.ts'
import type { DeviationState } from './deviation-state.ts'
import { surprise } from './surprise.ts'

/** Values a learned correlation remembers. */
const correlationMemory = 1_000

/** Correlations beyond this would make an episode unreachable. */
const strongestCorrelation = 0.97

export interface DepartureOptions {
  readonly sigmas: number
  readonly warmUp: number
  readonly persistence: number
  readonly extreme: number
}

/**
 * How far values depart from `baseline`, and when departures add up to an episode: the cumulative sum of
 * E. S. Page, "Continuous Inspection Schemes", Biometrika 41 (1954) 100–115, over what lies beyond `sigmas`.
 */
export const departure = <B>(
  baseline: Baseline<B>,
  { sigmas, warmUp, persistence, extreme }: DepartureOptions,
) => {
  const leastDeviation = (state: DeviationState<B>): number => {
    const floor = 1e-9 * (1 + Math.abs(baseline.mean(state.baseline)))
    return Math.max(baseline.standardDeviation(state.baseline), state.resolution / 2, floor)
  }

  /** Distance of `value` from the mean in standard deviations, signed. Always finite. */
  const score = (state: DeviationState<B>, value: number): number =>
    (value - baseline.mean(state.baseline)) / leastDeviation(state)

  /** How many independent values the baseline is worth. */
  const independent = ({ baseline: seen, correlation }: DeviationState<B>): number =>
    Math.max(2, (baseline.count(seen) * (1 - correlation)) / (1 + correlation))

  /**
   * The sum of excess after `distance`: towards it by what lies beyond `sigmas`, back to 0 by what lies
   * within.
   */
  const add = (state: DeviationState<B>, excess: number, distance: number): number => {
    const size = Math.abs(distance)
    if ((size <= sigmas && excess === 0) || baseline.count(state.baseline) < warmUp) return 0
    const worth = size <= sigmas ? distance : surprise(distance, independent(state))
    if (excess > 0) return Math.max(0, excess + worth - sigmas)
    if (excess < 0) return Math.min(0, excess + worth + sigmas)
    const beyond = Math.abs(worth) - sigmas
    return beyond > 0 ? Math.sign(worth) * beyond : 0
  }

  /** Whether `excess`, or `distance` by itself, is enough. `doubt` is how many times as much it must be. */
  const opens = (state: DeviationState<B>, excess: number, distance: number, doubt: number): boolean => {
    const size = Math.abs(distance)
    if (size <= sigmas || baseline.count(state.baseline) < warmUp) return false
    if (persistence === 0) return true
    const { correlation } = state
    if (Math.abs(excess) > (doubt * persistence * (1 + correlation)) / (1 - correlation)) return true
    return size > extreme && Math.abs(surprise(distance, independent(state))) > extreme
  }

  /** Learns how strongly a value `distance` away correlates with the one before it. */
  const learnCorrelation = (state: DeviationState<B>, distance: number): void => {
    const seen = baseline.count(state.baseline)
    if (seen > 1) {
      const product = within3(distance) * within3(score(state, state.previous))
      const learned =
        state.correlation + (product - state.correlation) * Math.max(1 / seen, 1 / correlationMemory)
      state.correlation = Math.min(strongestCorrelation, Math.max(0, learned))
    }
  }

  return { score, add, opens, learnCorrelation }
}

const within3 = (score: number): number => Math.max(-3, Math.min(3, score))
