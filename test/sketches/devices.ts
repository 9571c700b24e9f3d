// Devices: each has a clock of its own, so that readings it buffered while it was offline are not late. A
// second stage lists the metrics of each line with the most anomalies, on a clock over the outputs of the
// first.
import { map } from 'rxjs'
import { type Anomaly, openBroker, type Reading } from '../../devices/index.ts'
import {
  absence,
  actorClock,
  type Behavior,
  boundedOutOfOrderness,
  connectNats,
  hours,
  lmdbStore,
  minutes,
  type Processor,
  provisional,
  seconds,
  sharedClock,
  tidemark,
  toJetStream,
  topN,
  tumbling,
} from './graph-api.ts'

declare const detectors: Processor<Reading, Omit<Anomaly, 'device'>>

const watchDevice: Behavior<Reading, Anomaly> = (readings, actor) =>
  readings.pipe(
    actor.durable('baseline', detectors),
    map((finding) => ({ ...finding, device: actor.key })),
  )

const nats = await connectNats({ servers: 'nats://127.0.0.1:4222' })
const broker = await openBroker()
const app = tidemark({ store: lmdbStore('./plant') })

const readings = app.source('readings', {
  input: broker.readings,
  clock: actorClock(boundedOutOfOrderness(seconds(30)), { maxFutureSkew: minutes(5) }),
})
const devices = app.stage('devices', {
  input: readings.keyBy(({ device }) => device),
  behavior: watchDevice,
  outputClock: sharedClock(boundedOutOfOrderness(minutes(5)), { idleAfter: minutes(10) }),
})
const presence = app.stage('presence', {
  input: readings.keyBy(({ device }) => device),
  behavior: (readings, actor) =>
    readings.pipe(
      actor.durable('presence', absence({ after: minutes(5) })),
      map((absence) => ({ ...absence, device: actor.key })),
    ),
})
const lines = app.stage('lines', {
  input: devices.keyBy(({ device }) => device.split('-')[0] ?? ''),
  behavior: (anomalies, actor) =>
    anomalies.pipe(
      actor.durable('top', topN({ limit: 3, window: tumbling(hours(8)), name: ({ metric }) => metric })),
    ),
})

const anomalies = devices.merge(devices.side(provisional))
app.sink(
  'anomalies',
  anomalies,
  toJetStream(nats, { subject: ['anomaly', ({ device }) => device, ({ metric }) => metric] }),
)
app.sink('absences', presence, toJetStream(nats, { subject: ['absence', ({ device }) => device] }))
app.sink('lines', lines, toJetStream(nats, { subject: ['line', ({ key }) => key] }))
app.sink('rejected', app.rejected, toJetStream(nats, { subject: ['rejected', ({ kind }) => kind] }))

process.once('SIGINT', () => void broker.close())
await app.run()
