import type { Deviation } from '../../lib/processors/deviation.ts'
import type { Turn } from '../../lib/time/turn.ts'
import type { Anomaly } from '../wire/anomaly.ts'

/** What a detector reports about one metric of the device it watches. */
export interface Finding extends Deviation {
  readonly metric: string
  readonly detector: Anomaly['detector']
  readonly window?: Anomaly['window']
}

/** What `detector` makes of a deviation of the metric whose state is at hand. */
export const findingOf =
  (detector: Finding['detector']) =>
  (deviation: Deviation, { subkey: metric }: Turn): Finding => ({ ...deviation, metric, detector })

/** A finding about `device`, as it goes over the wire. */
export function anomalyOf(device: string, finding: Finding): Anomaly {
  const { metric, phase, status, time, since, score, detector } = finding
  const window = finding.window ?? { start: time, end: time }
  const { value, baseline } = detector === 'spread' ? inUnitsOfTheMetric(finding) : finding
  return { device, metric, phase, status, time, since, value, score, detector, baseline, window }
}

/**
 * Spreads are judged by their logarithm. The standard deviation of the spread itself is that of first order.
 */
function inUnitsOfTheMetric({ value, baseline }: Finding): Pick<Finding, 'value' | 'baseline'> {
  const mean = Math.exp(baseline.mean)
  const standardDeviation = mean * baseline.standardDeviation
  return { value: Math.exp(value), baseline: { mean, standardDeviation, count: baseline.count } }
}
