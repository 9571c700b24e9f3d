import { bufferTime, connect, ignoreElements, merge } from 'rxjs'
import { deviceClock, metricDetectors } from '../../../devices/behaviors/watch-device.ts'
import type { Reading } from '../../../devices/wire/reading.ts'
import type { Behavior } from '../../../lib/actors/behavior.ts'
import { mapResults } from '../../../lib/processors/map-results.ts'
import { ordered } from '../../../lib/processors/ordered.ts'
import { perKey } from '../../../lib/processors/per-key.ts'
import { tumbling } from '../../../lib/processors/tumbling.ts'
import { type WindowResult, window } from '../../../lib/processors/window.ts'
import { mean } from '../../../lib/statistics/mean.ts'
import { minutes, seconds } from '../../../lib/time/duration.ts'

export const windowLength = minutes(1)

export type Minute = WindowResult<number> & { readonly metric: string }

const metricOf = ({ metric }: Reading): string => metric
const minuteMeans = perKey(
  metricOf,
  mapResults(
    window<Reading, number, unknown>(tumbling(windowLength), mean()),
    (result, { subkey: metric }): Minute => ({ ...result, metric }),
  ),
)

/**
 * The default behavior's clock and detectors, the mean of each minute, and a stock timer that fires for every
 * second of event time: a clock that jumped would have to fire it for every second it jumped over.
 */
export const watchMinutes: Behavior<Reading, Minute> = (readings, actor) =>
  readings.pipe(
    actor.durable('time', deviceClock),
    connect((timed) =>
      merge(
        timed.pipe(actor.durable('baseline', metricDetectors), ignoreElements()),
        timed.pipe(actor.durable('minute', minuteMeans)),
        timed.pipe(
          actor.durable('order', ordered<Reading>()),
          bufferTime(seconds(1), actor.clock),
          ignoreElements(),
        ),
      ),
    ),
  )
