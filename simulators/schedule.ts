import type { Duration } from '../lib/time/duration.ts'

/** When things go wrong in a plant: at random moments of a seed, once it has been healthy for a while. */
export interface Schedule {
  readonly seed: number
  /** Epoch milliseconds. */
  readonly start: number
  readonly duration: Duration
  readonly healthyFor: Duration
}
