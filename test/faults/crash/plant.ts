// plant.ts <options as JSON>: the real pipeline in a process of its own, MQTT to JetStream. Says "ready" when
// clients may connect. Ends cleanly on SIGTERM, at once at a crash point, with an error when a stage fails.
import { crashAt } from '../../../cli/crash-at.ts'
import { openBroker } from '../../../devices/broker/open-broker.ts'
import { json } from '../../../devices/formats/json.ts'
import { actors } from '../../../lib/actors/actors.ts'
import type { Pace } from '../../../lib/actors/commit/pace.ts'
import { connectNats } from '../../../lib/nats/connect-nats.ts'
import { subjectUnder } from '../../../lib/nats/subject-under.ts'
import { toJetStream } from '../../../lib/nats/to-jetstream.ts'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { days, milliseconds, seconds } from '../../../lib/time/duration.ts'
import { acknowledgeAtOnce } from './acknowledge-at-once.ts'
import { eachFaultOfItsOwn } from './each-fault-of-its-own.ts'
import { ledgerBehavior } from './ledger.ts'
import { lineBehavior, lineOf, type PlantOutput } from './line-count.ts'
import type { PlantOptions } from './plant-process.ts'
import { plantStages, plantStream } from './plant-process.ts'

const options: PlantOptions = JSON.parse(process.argv[2] as string)
if (options.crashAt !== undefined) crashAt(options.crashAt)

const store = lmdbStore(options.folder, { reserveBytes: 0, reserveShare: 0 })
const nats = await connectNats({ servers: options.nats, firstConnect: 'wait' })
const broker = await openBroker({
  port: options.port,
  format: eachFaultOfItsOwn(json()),
  limits: { faultKinds: Number.POSITIVE_INFINITY },
})

// Everything that a long run does now and then happens all the time: slices, passivation, trimming, replay.
const pace: Partial<Pace> = {
  checkpointAfter: milliseconds(100),
  journalEntries: 20_000,
  sliceBytes: 24 * 1_024,
  sliceBytesUnderPressure: 256 * 1_024,
}
const stage = { store, pace, idleAfter: days(1), closeAfter: days(2) }
const [devices, lines] = plantStages

const finished = new Promise<void>((resolve, reject) => {
  const { readings } = broker
  const deliveries = options.mutant === 'ack-before-flush' ? readings.pipe(acknowledgeAtOnce()) : readings
  deliveries
    .pipe(
      actors({
        ...stage,
        name: devices,
        key: ({ device }) => device,
        behavior: ledgerBehavior,
        resident: 24,
      }),
      actors({
        ...stage,
        name: lines,
        key: ({ device }) => lineOf(device),
        behavior: lineBehavior,
        resident: 3,
      }),
      toJetStream<PlantOutput>(nats, {
        store,
        stream: plantStream,
        subject: subjectUnder('anomaly', (output) => [
          output.kind === 'milestone' ? output.line : output.device,
        ]),
        syncInterval: milliseconds(200),
        drainFor: seconds(60),
        report: ({ kind, message }) => {
          console.error(`relay, ${kind}: ${message}`)
          // This process is the only writer: the store has forgotten what it published.
          if (kind === 'taken') process.exit(1)
        },
      }),
    )
    .subscribe({ complete: resolve, error: reject })
})
process.once('SIGTERM', () => void broker.close(seconds(30)))
process.stdout.write('ready\n')
await finished
await nats.close()
await store.close()
