// graph-plant.ts <options as JSON>: one MQTT source into three stages, a stage behind one of them, and five
// sinks, each a file of lines. Says "ready" when clients may connect. Ends cleanly on SIGTERM, at once at a
// crash point, with an error when the graph fails.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { map } from 'rxjs'
import { crashAt } from '../../../cli/crash-at.ts'
import { openBroker } from '../../../devices/broker/open-broker.ts'
import { json } from '../../../devices/formats/json.ts'
import { actorClock } from '../../../lib/processors/actor-clock.ts'
import type { Destination } from '../../../lib/runtime/destination.ts'
import { tidemark } from '../../../lib/runtime/tidemark.ts'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { milliseconds, seconds } from '../../../lib/time/duration.ts'
import { boundedOutOfOrderness } from '../../../lib/time/watermark-policy.ts'
import { eachFaultOfItsOwn } from '../crash/each-fault-of-its-own.ts'
import { ledger } from '../crash/ledger.ts'
import { lineBehavior, lineOf } from '../crash/line-count.ts'
import type { PlantOptions } from '../crash/plant-process.ts'
import { clientOf, type graphSinks, tally } from './graph-stages.ts'

const options: PlantOptions = JSON.parse(process.argv[2] as string)
if (options.crashAt !== undefined) crashAt(options.crashAt)

const store = lmdbStore(join(options.folder, 'store'), { reserveBytes: 0, reserveShare: 0 })
const broker = await openBroker({
  port: options.port,
  format: eachFaultOfItsOwn(json()),
  limits: { faultKinds: Number.POSITIVE_INFINITY },
})

const lines = (name: (typeof graphSinks)[number]): Destination<unknown> => ({
  async deliver(outputs) {
    const text = outputs.map(({ id, value }) => `${JSON.stringify([id, value])}\n`).join('')
    appendFileSync(join(options.folder, `${name}.lines`), text)
  },
})

const app = tidemark({
  store,
  // Everything that a long run does now and then happens all the time: slices, passivation, trimming, replay.
  pace: {
    checkpointAfter: milliseconds(100),
    journalEntries: 20_000,
    sliceBytes: 24 * 1_024,
    sliceBytesUnderPressure: 256 * 1_024,
  },
})
const readings = app.source('readings', {
  input: broker.readings,
  clock: actorClock(boundedOutOfOrderness(seconds(1))),
})
const devices = app.stage('devices', {
  input: readings.keyBy(({ device }) => device),
  behavior: (events, actor) => events.pipe(actor.durable('ledger', ledger)),
  resident: 24,
})
const clients = app.stage('clients', {
  input: readings.keyBy(({ device }) => clientOf(device)),
  behavior: (events, actor) =>
    events.pipe(
      actor.durable('tally', tally(25)),
      map(({ count, sum }) => ({ client: actor.key, count, sum })),
    ),
  resident: 3,
})
const metrics = app.stage('metrics', {
  input: readings.keyBy(({ metric }) => metric),
  behavior: (events, actor) =>
    events.pipe(
      actor.durable('tally', tally(100)),
      map(({ count }) => ({ kind: 'tally', metric: actor.key, count })),
    ),
})
const counted = app.stage('lines', {
  input: devices.keyBy(({ device }) => lineOf(device)),
  behavior: lineBehavior,
  resident: 3,
})

app.sink(
  'entries',
  devices.filter(({ kind }) => kind !== 'reading'),
  lines('entries'),
)
app.sink(
  'clients',
  clients.map((mark) => {
    if (mark.count % 100 === 0) throw new Error('every hundredth is one too many')
    return mark
  }),
  lines('clients'),
)
app.sink('milestones', counted.filter(({ kind }) => kind === 'milestone').merge(metrics), lines('milestones'))
app.sink(
  'raw',
  readings.map(({ device, metric, value, time }) => ({ device, metric, value, time })),
  lines('raw'),
)
app.sink(
  'rejected',
  app.rejected.map(({ kind, from, reason, value }) => ({ kind, from, reason, value })),
  lines('rejected'),
)

process.once('SIGTERM', () => void broker.close(seconds(30)))
const running = app.run()
process.stdout.write('ready\n')
await running
await store.close()
