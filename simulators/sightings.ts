import { map, type Observable } from 'rxjs'
import type { Anomaly } from '../devices/wire/anomaly.ts'
import type { WallClock } from '../lib/time/wall-clock.ts'
import type { Sighting } from './score-faults.ts'

/** Notes when each anomaly is seen: collect them while a plant is driven, and score them afterwards. */
export const sightings = (anomalies: Observable<Anomaly>, clock: WallClock): Observable<Sighting> =>
  anomalies.pipe(map((anomaly) => ({ anomaly, at: clock.now() })))
