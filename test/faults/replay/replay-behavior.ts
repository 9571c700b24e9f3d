import { map } from 'rxjs'
import { metricDetectors } from '../../../devices/behaviors/watch-device.ts'
import { anomalyOf } from '../../../devices/detectors/finding.ts'
import type { Anomaly } from '../../../devices/wire/anomaly.ts'
import type { Reading } from '../../../devices/wire/reading.ts'
import type { Behavior } from '../../../lib/actors/behavior.ts'
import { perKey } from '../../../lib/processors/per-key.ts'
import { watermarks } from '../../../lib/processors/watermarks.ts'
import type { Duration } from '../../../lib/time/duration.ts'
import { boundedOutOfOrderness } from '../../../lib/time/watermark-policy.ts'
import { orderedOnce } from './ordered-once.ts'

/** Name of the step whose saved states are compared. */
export const baselineStep = 'baseline'

/** The detectors of the default behavior, behind a bound that fits the recording and without repeats. */
export const replayBehavior =
  (bound: Duration): Behavior<Reading, Anomaly> =>
  (readings, actor) =>
    readings.pipe(
      actor.durable('time', watermarks<Reading, unknown>(boundedOutOfOrderness(bound))),
      actor.durable(
        'order',
        perKey(({ metric }: Reading) => metric, orderedOnce),
      ),
      actor.durable(baselineStep, metricDetectors),
      map((finding) => anomalyOf(actor.key, finding)),
    )
