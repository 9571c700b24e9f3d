/**
 * A running mean and spread of numbers, however it weighs old against new. What detectors compare with.
 * The state is plain data and is changed in place: an update allocates nothing.
 */
export interface Baseline<State = unknown> {
  create(): State
  /**
   * Event time has come to `time`, epoch milliseconds: what lies too far back is forgotten. For baselines
   * that count in time instead of values; called ahead of every `accumulate`. An earlier `time` than before
   * changes nothing.
   */
  passTo?(state: State, time: number): void
  accumulate(state: State, value: number): void
  /** Values it knows: all that were seen, unless some are forgotten altogether. */
  count(state: State): number
  /** 0 while nothing has been seen. */
  mean(state: State): number
  /** 0 while fewer than two values have been seen, never NaN. */
  standardDeviation(state: State): number
}

/** Beyond this the square of a difference could overflow, and one value would spoil a baseline for good. */
export const largestMagnitude = 1e150

/** Throws a RangeError for what no mean survives: NaN, infinities and magnitudes above 1e150. */
export const requireNumber = (value: number): void => {
  // Written so that NaN, which compares false with everything, is refused too.
  if (Math.abs(value) <= largestMagnitude) return
  throw new RangeError(
    `value must be finite and of magnitude up to ${largestMagnitude}, got ${value}: leave it out or quarantine it`,
  )
}
