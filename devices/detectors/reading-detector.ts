import { deviation } from '../../lib/processors/deviation.ts'
import { mapResults } from '../../lib/processors/map-results.ts'
import type { Baseline } from '../../lib/statistics/baseline.ts'
import { exponentiallyWeighted } from '../../lib/statistics/exponentially-weighted.ts'
import { hours, minutes } from '../../lib/time/duration.ts'
import type { Reading } from '../wire/reading.ts'
import { findingOf } from './finding.ts'

/** Readings that a baseline has to know before a metric is watched. */
export const readingWarmUp = 120

/** Each reading of a metric against `baseline`, judged as `readingDetector` does. For `perKey` by metric. */
export const readingDetectorWith = <State>(baseline: Baseline<State>) =>
  mapResults(
    deviation<State, Reading>(baseline, {
      sigmas: 2,
      warmUp: readingWarmUp,
      persistence: 12,
      extreme: 6,
      calm: { sigmas: 2, count: 10 },
      updateEvery: minutes(1),
      relearnAfter: hours(1),
    }),
    findingOf('reading'),
  )

/**
 * Each reading of a metric against the last hour of it, at one reading a second. Finds spikes and dropouts
 * with the first reading, shifts and louder noise in seconds, drifts in minutes. docs/detection.md has the
 * figures.
 */
export const readingDetector = readingDetectorWith(exponentiallyWeighted(3_600))
