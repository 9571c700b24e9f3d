import type { Random } from '../lib/statistics/random.ts'
import type { Metric } from './metric.ts'

/**
 * What can be wrong with one sensor. Sizes are in standard deviations of the healthy metric.
 * - spike: one to three readings 8 to 12 away.
 * - shift: away by 4 to 6 at once, and staying there.
 * - drift: creeping away, 0.4 to 0.8 a minute.
 * - stuck: the last value again and again.
 * - noise: the noise three to five times as large.
 * - dropout: the wire is cut, and the converter reports the bottom of its range.
 */
export type FaultKind = 'spike' | 'shift' | 'drift' | 'stuck' | 'noise' | 'dropout'

export const faultKinds: readonly FaultKind[] = ['spike', 'shift', 'drift', 'stuck', 'noise', 'dropout']

/** The truth about one fault, known to the simulator and to nobody else. */
export interface Fault {
  readonly device: string
  readonly metric: string
  readonly kind: FaultKind
  /** Event time from which readings are wrong. */
  readonly start: number
  /** Event time from which they are right again. */
  readonly end: number
  /** Signed, in standard deviations of the healthy metric; for drift a minute; for noise a factor. */
  readonly size: number
}

/** Seconds a fault of each kind lasts, from and to. */
export const durations: Readonly<Record<FaultKind, readonly [number, number]>> = {
  spike: [1, 3],
  shift: [600, 1_200],
  drift: [900, 1_200],
  stuck: [600, 1_200],
  noise: [600, 1_200],
  dropout: [60, 300],
}

/** How large a fault of each kind is, from and to. */
export const sizes: Readonly<Record<FaultKind, readonly [number, number]>> = {
  spike: [8, 12],
  shift: [4, 6],
  drift: [0.4, 0.8],
  stuck: [1, 1],
  noise: [3, 5],
  dropout: [1, 1],
}

/** What a faulty sensor reads where a healthy one would read `healthy`. */
export function faulty(
  fault: Fault,
  time: number,
  healthy: number,
  last: number,
  { noise, floor }: Metric,
  deviation: number,
  random: Random,
): number {
  switch (fault.kind) {
    case 'spike':
    case 'shift':
      return healthy + fault.size * deviation
    case 'drift':
      return healthy + ((time - fault.start) / 60_000) * fault.size * deviation
    case 'stuck':
      return last
    case 'noise':
      // Independent noise on top, so that all of it together has `size` times the sensor's own deviation.
      return healthy + Math.sqrt(fault.size * fault.size - 1) * noise * random.normal()
    case 'dropout':
      return floor
  }
}
