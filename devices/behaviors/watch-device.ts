import { map } from 'rxjs'
import type { Behavior } from '../../lib/actors/behavior.ts'
import { inParallel } from '../../lib/processors/in-parallel.ts'
import { perKey } from '../../lib/processors/per-key.ts'
import { watermarks } from '../../lib/processors/watermarks.ts'
import { seconds } from '../../lib/time/duration.ts'
import { boundedOutOfOrderness } from '../../lib/time/watermark-policy.ts'
import { anomalyOf } from '../detectors/finding.ts'
import { minuteDetectors } from '../detectors/minute-detectors.ts'
import { readingDetector } from '../detectors/reading-detector.ts'
import type { Anomaly } from '../wire/anomaly.ts'
import type { Reading } from '../wire/reading.ts'

/** The clock belongs to the device: a watermark half a minute behind the latest reading of any metric. */
export const deviceClock = watermarks<Reading, unknown>(boundedOutOfOrderness(seconds(30)))

/** The baselines belong to the metric. */
export const metricDetectors = perKey(
  (reading: Reading) => reading.metric,
  inParallel(readingDetector, minuteDetectors),
)

/**
 * What a device gets that nobody has written a behavior for: every metric watched, as docs/detection.md says.
 */
export const watchDevice: Behavior<Reading, Anomaly> = (readings, actor) =>
  readings.pipe(
    actor.durable('time', deviceClock),
    actor.durable('baseline', metricDetectors),
    map((finding) => anomalyOf(actor.key, finding)),
  )
