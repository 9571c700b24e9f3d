import type { Observable } from 'rxjs'
import { actors } from '../lib/actors/actors.ts'
import type { Behavior } from '../lib/actors/behavior.ts'
import type { ReplayProgress } from '../lib/actors/commit/replay.ts'
import type { EventAttributes } from '../lib/nats/cloud-event.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import type { Published } from '../lib/nats/published.ts'
import type { RelayReport } from '../lib/nats/relay-report.ts'
import type { SideOutput } from '../lib/nats/side-output.ts'
import { defaultStream } from '../lib/nats/sink-streams.ts'
import type { SubjectOf } from '../lib/nats/subject-under.ts'
import { toJetStream } from '../lib/nats/to-jetstream.ts'
import type { Store } from '../lib/state/store.ts'
import { type Duration, minutes, seconds } from '../lib/time/duration.ts'
import { systemClock, type WallClock } from '../lib/time/wall-clock.ts'
import { reportAbsence } from './behaviors/report-absence.ts'
import { watchDevice } from './behaviors/watch-device.ts'
import type { Broker } from './broker/open-broker.ts'
import type { DeviceAbsence } from './wire/absence.ts'
import { absenceSubject, absenceSubjects } from './wire/absence-subject.ts'
import type { Anomaly } from './wire/anomaly.ts'
import { anomalySubject, anomalySubjects } from './wire/anomaly-subject.ts'
import { deviceStream, streamNameFault } from './wire/device-stream.ts'
import { absenceEventTypes, anomalyEventTypes, asideEventTypes } from './wire/event-types.ts'
import type { Reading } from './wire/reading.ts'
import { deviceOfSide, sideSubject } from './wire/side-subject.ts'

export interface WatchDevicesOptions {
  readonly broker: Pick<Broker, 'readings'>
  readonly store: Store
  readonly nats: Nats
  /** What is watched for; `watchDevice` unless given. */
  readonly behavior?: Behavior<Reading, Anomaly>
  /**
   * Silence in wall time after which a device is reported absent, unless its usual pauses are long: 5 minutes
   * unless given, Infinity for never. Windows of `behavior` give their provisional results then too.
   */
  readonly absentAfter?: Duration
  /**
   * Name of the JetStream stream, `tidemark` unless given. The subjects of another one are below its name, as
   * `plant.anomaly.press-7.power`, so that several applications share a server.
   */
  readonly stream?: string
  /** Name of the outbox in the store, the stream's unless given. Renaming it leaves unsent rows behind. */
  readonly outbox?: string
  /** How long to go on publishing once the broker is closed, one second unless given. */
  readonly drainFor?: Duration
  /** As of `toJetStream`: what the relay reports of the kind `taken`, in order to go on. */
  readonly takeOver?: readonly string[]
  readonly report?: (report: RelayReport) => void
  /** As of `actors`. */
  readonly onReplay?: (progress: ReplayProgress) => void
  readonly clock?: WallClock
}

/** The stage that all devices are actors of: the recovery key of their baselines. */
export const devicesStage = 'devices'

const subject: SubjectOf<Anomaly | DeviceAbsence> = Object.assign(
  (event: Anomaly | DeviceAbsence) => ('metric' in event ? anomalySubject(event) : absenceSubject(event)),
  { patterns: [anomalySubjects, absenceSubjects] },
)

const eventTypes = { ...anomalyEventTypes, ...absenceEventTypes }

const sideTypes: ReadonlyMap<string, string> = new Map(Object.entries(asideEventTypes))

const sideEvent = (side: SideOutput): EventAttributes => {
  const type = sideTypes.get(side.tag)
  return { subject: deviceOfSide(side), ...(type ? { type } : {}) }
}

/**
 * One actor for each device that publishes to `broker`, its anomalies and absences in a JetStream stream.
 * Runs while it is subscribed; completes when the broker is closed and all is drained.
 *
 * Throws a RangeError when `absentAfter` is not more than 0, or `stream` cannot be the name of a stream.
 */
export const watchDevices = (options: WatchDevicesOptions): Observable<Published> => {
  const { broker, store, nats, report = () => {}, clock = systemClock } = options
  const { stream = defaultStream, outbox = stream } = options
  const { behavior = watchDevice, absentAfter = minutes(5) } = options
  if (!(absentAfter > 0)) {
    throw new RangeError(
      `absentAfter must be more than 0 ms, got ${absentAfter}: give minutes(5), or Infinity`,
    )
  }
  const fault = streamNameFault(stream)
  if (fault) throw new RangeError(fault)
  const source = `/tidemark/${encodeURIComponent(stream)}`
  const isWatched = absentAfter < Number.POSITIVE_INFINITY
  return broker.readings.pipe(
    actors({
      key: (reading) => reading.device,
      // The step is always there, so that the same store can be run with and without.
      behavior: reportAbsence(behavior, isWatched ? {} : { warmUp: Number.POSITIVE_INFINITY }),
      store,
      name: devicesStage,
      clock,
      onReplay: options.onReplay ?? (() => {}),
      ...(isWatched ? { idleAfter: absentAfter } : {}),
    }),
    toJetStream<Anomaly | DeviceAbsence>(nats, {
      store,
      name: outbox,
      stream: deviceStream(stream),
      report,
      takeOver: options.takeOver ?? [],
      clock,
      drainFor: options.drainFor ?? seconds(1),
      subject,
      event: ({ phase }) => ({ type: eventTypes[phase], source }),
      sideSubject,
      sideEvent: (side) => ({ ...sideEvent(side), source }),
    }),
  )
}
