import type { Observable } from 'rxjs'
import { actors } from '../lib/actors/actors.ts'
import type { Behavior } from '../lib/actors/behavior.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import type { Published } from '../lib/nats/published.ts'
import type { RelayReport } from '../lib/nats/relay-report.ts'
import type { SubjectOf } from '../lib/nats/subject-under.ts'
import { toJetStream } from '../lib/nats/to-jetstream.ts'
import type { Store } from '../lib/state/store.ts'
import { type Duration, seconds } from '../lib/time/duration.ts'
import { watchDevice } from './behaviors/watch-device.ts'
import type { Broker } from './broker/open-broker.ts'
import type { Anomaly } from './wire/anomaly.ts'
import { anomalySubject, anomalySubjects } from './wire/anomaly-subject.ts'
import { anomalyEventTypes, asideEventTypes } from './wire/event-types.ts'
import type { Reading } from './wire/reading.ts'

export interface WatchDevicesOptions {
  readonly broker: Pick<Broker, 'readings'>
  readonly store: Store
  readonly nats: Nats
  /** What is watched for; `watchDevice()` unless given. */
  readonly behavior?: Behavior<Reading, Anomaly>
  /** Name of the JetStream stream, `tidemark` unless given. */
  readonly stream?: string
  /** How long to go on publishing once the broker is closed, one second unless given. */
  readonly drainFor?: Duration
  readonly report?: (report: RelayReport) => void
}

/** The stage that all devices are actors of: the recovery key of their baselines. */
export const devicesStage = 'devices'

const subject: SubjectOf<Anomaly> = Object.assign((anomaly: Anomaly) => anomalySubject(anomaly), {
  patterns: [anomalySubjects],
})

/**
 * One actor for each device that publishes to `broker`, its anomalies in a JetStream stream. Runs while it
 * is subscribed; completes when the broker is closed and all is drained.
 */
export const watchDevices = (options: WatchDevicesOptions): Observable<Published> => {
  const { broker, store, nats, behavior = watchDevice, stream = 'tidemark', report = () => {} } = options
  return broker.readings.pipe(
    actors({ key: (reading) => reading.device, behavior, store, name: devicesStage }),
    toJetStream<Anomaly>(nats, {
      store,
      stream,
      report,
      drainFor: options.drainFor ?? seconds(1),
      subject,
      event: ({ phase }) => ({ type: anomalyEventTypes[phase] }),
      sideEvent: ({ kind }) => ({ type: asideEventTypes[kind] }),
    }),
  )
}
