import { map } from 'rxjs'
import type { Behavior } from '../../lib/actors/behavior.ts'
import { choose } from '../../lib/processors/choose.ts'
import { inParallel } from '../../lib/processors/in-parallel.ts'
import { perKey } from '../../lib/processors/per-key.ts'
import type { Baseline } from '../../lib/statistics/baseline.ts'
import { anomalyOf } from '../detectors/finding.ts'
import { minuteDetectors } from '../detectors/minute-detectors.ts'
import { readingDetector, readingDetectorWith } from '../detectors/reading-detector.ts'
import type { Anomaly } from '../wire/anomaly.ts'
import type { Reading } from '../wire/reading.ts'
import { deviceClock } from './watch-device.ts'

export interface WatchDeviceOptions<Name extends string = string> {
  /**
   * Baselines by names of your own. A metric's is saved with its name: given another one, the metric begins
   * anew, and the others do not notice.
   */
  readonly baselines: Readonly<Record<Name, Baseline>>
  /** Names the baseline that readings of `metric` are compared with, undefined for the usual one. */
  readonly baselineOf: (metric: string) => NoInfer<Name> | undefined
}

/**
 * `watchDevice` with other baselines for the single readings of some metrics. It goes on with what
 * `watchDevice` has saved, and the other way round.
 */
export const watchDeviceWith = <Name extends string>({
  baselines,
  baselineOf,
}: WatchDeviceOptions<Name>): Behavior<Reading, Anomaly> => {
  const among = Object.entries<Baseline>(baselines).map(
    ([name, baseline]) => [name, readingDetectorWith(baseline)] as const,
  )
  const readings = choose({
    by: ({ metric }: Reading) => baselineOf(metric),
    among: Object.fromEntries(among),
    otherwise: readingDetector,
  })
  const detectors = perKey(({ metric }: Reading) => metric, inParallel(readings, minuteDetectors))
  return (inbox, actor) =>
    inbox.pipe(
      actor.durable('time', deviceClock),
      actor.durable('baseline', detectors),
      map((finding) => anomalyOf(actor.key, finding)),
    )
}
