// pipeline.ts <options as JSON>: the real pipeline in a process of its own, MQTT to JetStream. Says "ready"
// when clients may connect, and ends cleanly on SIGTERM.
import { openBroker } from '../../../devices/broker/open-broker.ts'
import { anomalySubject, anomalySubjects } from '../../../devices/wire/anomaly-subject.ts'
import { actors } from '../../../lib/actors/actors.ts'
import { connectNats } from '../../../lib/nats/connect-nats.ts'
import { toJetStream } from '../../../lib/nats/to-jetstream.ts'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { milliseconds, seconds } from '../../../lib/time/duration.ts'
import { plantStages, plantStream } from '../crash/plant-process.ts'
import type { ReplayPipelineOptions } from './disturbed-replay.ts'
import { replayBehavior } from './replay-behavior.ts'

const options: ReplayPipelineOptions = JSON.parse(process.argv[2] as string)
const store = lmdbStore(options.folder, { reserveBytes: 0, reserveShare: 0 })
const nats = await connectNats({ servers: options.nats, firstConnect: 'wait' })
const broker = await openBroker({ port: options.port })
const subject = Object.assign(anomalySubject, { patterns: [anomalySubjects] })

const finished = new Promise<void>((resolve, reject) => {
  broker.readings
    .pipe(
      actors({
        store,
        name: plantStages[0],
        key: ({ device }) => device,
        behavior: replayBehavior(options.bound),
        // So that a kill finds states of all ages.
        pace: { checkpointAfter: milliseconds(100) },
        idleAfter: Number.POSITIVE_INFINITY,
        closeAfter: Number.POSITIVE_INFINITY,
      }),
      toJetStream(nats, { store, stream: plantStream, subject, drainFor: seconds(60) }),
    )
    .subscribe({ complete: resolve, error: reject })
})
process.once('SIGTERM', () => void broker.close(seconds(30)))
process.stdout.write('ready\n')
await finished
await nats.close()
await store.close()
