import { openBroker, type Reading } from '../devices/index.ts'
import {
  actors,
  type Behavior,
  boundedOutOfOrderness,
  connectNats,
  type Deviation,
  deviation,
  lmdbStore,
  mapResults,
  perKey,
  seconds,
  subjectUnder,
  toJetStream,
  watermarks,
  welford,
} from '../lib/index.ts'

type Alarm = Deviation & { readonly device: string; readonly metric: string }

const beyondTwoSigmas = mapResults(
  deviation(welford(), { sigmas: 2 }),
  (change, { key, subkey }): Alarm => ({ ...change, device: key, metric: subkey }),
)

const watch: Behavior<Reading, Alarm> = (readings, actor) =>
  readings.pipe(
    actor.durable('time', watermarks(boundedOutOfOrderness(seconds(30)))),
    actor.durable(
      'baseline',
      perKey(({ metric }: Reading) => metric, beyondTwoSigmas),
    ),
  )

const [natsUrl = 'nats://127.0.0.1:4222', port = '1883', data = './data'] = process.argv.slice(2)
const store = lmdbStore(data)
const nats = await connectNats({ servers: natsUrl })
const broker = await openBroker({ port: Number(port) })
broker.readings
  .pipe(
    actors({ key: ({ device }) => device, behavior: watch, store }),
    toJetStream(nats, {
      store,
      stream: 'alarms',
      subject: subjectUnder('alarm', ({ device, metric }: Alarm) => [device, metric]),
    }),
  )
  .subscribe(({ subject, sequence }) => console.log(`published ${subject}, number ${sequence}`))
console.log(`listening on port ${broker.address.port}`)
