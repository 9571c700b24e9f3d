import { type Deviation, deviation } from '../../lib/processors/deviation.ts'
import type { DeviationOptions } from '../../lib/processors/deviation-options.ts'
import { inParallel } from '../../lib/processors/in-parallel.ts'
import { inSequence } from '../../lib/processors/in-sequence.ts'
import { mapResults } from '../../lib/processors/map-results.ts'
import { tumbling } from '../../lib/processors/tumbling.ts'
import { type WindowResult, window } from '../../lib/processors/window.ts'
import { exponentiallyWeighted } from '../../lib/statistics/exponentially-weighted.ts'
import { summary } from '../../lib/statistics/summary.ts'
import type { Summary } from '../../lib/statistics/welford.ts'
import { hours, minutes } from '../../lib/time/duration.ts'
import type { Turn } from '../../lib/time/turn.ts'
import type { Reading } from '../wire/reading.ts'
import { type Finding, findingOf } from './finding.ts'

const minute = minutes(1)

type Minute = WindowResult<Summary>

/** A minute with fewer readings says little that each of them has not said. */
const fewestReadings = 10

/** Far below the spread of any sensor that is alive, so that the logarithm of a stuck one's is finite. */
const leastSpread = ({ mean }: Summary): number => 1e-9 * (1 + Math.abs(mean))

const persistent = {
  sigmas: 2,
  warmUp: 15,
  persistence: 6,
  extreme: 6,
  calm: { sigmas: 2, count: 2 },
  updateEvery: minutes(5),
  relearnAfter: hours(1),
  inOrder: true,
} satisfies DeviationOptions<Minute>

const minuteMean = deviation(exponentiallyWeighted(120), {
  ...persistent,
  of: ({ value, count }: Minute) => (count < fewestReadings ? undefined : value.mean),
})

/** The logarithm makes a spread that halves as far away as one that doubles, and one of zero unmistakable. */
const minuteSpread = deviation(exponentiallyWeighted(240), {
  ...persistent,
  of: ({ value, count }: Minute) =>
    count < fewestReadings ? undefined : Math.log(value.standardDeviation + leastSpread(value)),
})

/** A finding with the minute that it is about: the result of a window has the time of its last moment. */
const aboutMinute = (detector: Finding['detector']) => {
  const finding = findingOf(detector)
  return (deviation: Deviation, turn: Turn): Finding => {
    const end = deviation.time + 1
    return { ...finding(deviation, turn), window: { start: end - minute, end } }
  }
}

/**
 * The mean of each minute of a metric against the last two hours of means, and the spread within the minute
 * against the last four hours of spreads. The first finds what is too small to show in single readings, the
 * second sensors that are stuck and noise of the same mean. Both wait for the watermark, and report nothing
 * provisional. For `perKey` by metric.
 */
export const minuteDetectors = inSequence(
  window<Reading, Summary, unknown>(tumbling(minute), summary()),
  inParallel(mapResults(minuteMean, aboutMinute('minute')), mapResults(minuteSpread, aboutMinute('spread'))),
)
