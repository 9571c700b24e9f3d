import { jetstreamManager } from '@nats-io/jetstream'
import { merge, Subject } from 'rxjs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { eventFeed, type FedEvent } from '../dashboards/event-feed.ts'
import { Delivery } from '../lib/actors/delivery.ts'
import type { CloudEvent } from '../lib/nats/cloud-event.ts'
import { connectNats } from '../lib/nats/connect-nats.ts'
import type { RelayReport } from '../lib/nats/relay-report.ts'
import { lmdbStore } from '../lib/state/lmdb-store.ts'
import { days, minutes, seconds } from '../lib/time/duration.ts'
import { SkippingClock } from '../test/faults/clocks/skipping-clock.ts'
import { type NatsServer, startNatsServer } from '../test/support/nats-server.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import { watchDevices } from './watch-devices.ts'
import type { Reading } from './wire/reading.ts'

/** Watches on a clock whose silences are lived through at once. */
async function watching(absentAfter?: number, stream = 'tidemark', shared?: NatsServer) {
  const server = shared ?? (await startNatsServer())
  const clock = new SkippingClock()
  const readings = new Subject<Delivery<Reading>>()
  const store = lmdbStore(temporaryFolder())
  const nats = await connectNats({ servers: server.address, firstConnect: 'fail' })
  const given = absentAfter === undefined ? {} : { absentAfter }
  const reports: RelayReport[] = []
  const report = (said: RelayReport): void => void reports.push(said)
  const sink = { store, nats, stream, report }
  const running = watchDevices({ broker: { readings }, ...sink, clock, ...given }).subscribe()
  const events: CloudEvent[] = []
  const subjects: string[] = []
  const all = {
    name: 'events',
    read: ({ event, subject }: FedEvent) => {
      subjects.push(subject)
      return event
    },
  }
  const feed = merge(
    eventFeed(nats, { stream, since: 0, subject: '>' }, all),
    eventFeed(nats, { stream: `${stream}-rejected`, since: 0, subject: '>' }, all),
  ).subscribe((event) => events.push(event))
  onTestFinished(async () => {
    feed.unsubscribe()
    running.unsubscribe()
    await nats.close()
    await store.close()
    if (!shared) await server.remove()
  })
  const pass = (length: number): void => clock.skipTo(clock.now() + length)
  const send = (device: string, ahead = 0, value = 20): Promise<void> =>
    new Promise((ack, reject) => {
      const reading = { device, metric: 'power', value, time: clock.now() + ahead }
      readings.next(new Delivery([reading], { ack, reject }))
    })
  const reject = (value: object): Promise<void> =>
    new Promise((ack, reject) => {
      const asides = [{ tag: 'dead', value, reason: 'not a number' }]
      readings.next(new Delivery<Reading>([], { ack, reject }, { asides }))
    })
  return { pass, send, reject, events, subjects, reports, server, clock }
}

test('a device that falls silent is an event of its own on NATS, and so is its return', async () => {
  const { pass, send, events, clock } = await watching()
  for (let round = 0; round < 12; round++) {
    await send('press 7')
    pass(minutes(1))
  }
  await send('press 7')
  const heard = clock.now()
  pass(minutes(5) + seconds(2))
  await vi.waitFor(() => expect(events).toHaveLength(1), 10_000)
  await send('press 7')
  await vi.waitFor(() => expect(events).toHaveLength(2), 10_000)

  const [absent, returned] = events
  expect(absent).toMatchObject({
    type: 'dev.tidemark.device.absent.v1',
    subject: 'press 7',
    data: { device: 'press 7', phase: 'absent' },
  })
  expect(returned).toMatchObject({ type: 'dev.tidemark.device.returned.v1', data: { phase: 'returned' } })
  const { since, time } = absent!.data as { since: number; time: number }
  expect((returned!.data as { since: number }).since).toBe(since)
  expect(Math.abs(since - heard)).toBeLessThan(seconds(1))
  expect(time - since).toBeGreaterThanOrEqual(minutes(5))
  expect(time - since).toBeLessThan(minutes(5) + seconds(3))
})

test('nobody is reported when absences are not asked for', async () => {
  const { pass, send, events } = await watching(Number.POSITIVE_INFINITY)
  for (let round = 0; round < 12; round++) {
    await send('press 7')
    pass(minutes(1))
  }
  pass(minutes(60))
  await send('press 7')
  // Comes behind whatever there was before.
  await send('press 7', days(1))
  await vi.waitFor(() => expect(events).toHaveLength(1), 10_000)
  expect(events[0]!.type).toBe('dev.tidemark.reading.quarantined.v1')
})

test('a dead letter is about the device that its topic names, and about none when it names none', async () => {
  const { reject, events, subjects } = await watching()
  await reject({ topic: 'v1/press-7/power', device: 'press-7' })
  await reject({ topic: 'elsewhere' })
  await vi.waitFor(() => expect(events).toHaveLength(2), 10_000)
  const [known, unknown] = events
  expect(known).toMatchObject({ subject: 'press-7', type: 'dev.tidemark.dead-letter.v1' })
  // CloudEvents does not allow an empty subject.
  expect(unknown).not.toHaveProperty('subject')
  expect(subjects).toEqual(['dead.press-7', 'dead.='])
})

test('two applications share a server, each with its own subjects for everything that it publishes', async () => {
  const first = await watching()
  const second = await watching(undefined, 'plant-2', first.server)
  for (const { send, reject, pass, clock } of [first, second]) {
    for (let second = 0; second < 150; second++) {
      await send('press-7', 0, 20 + (second % 5) / 10)
      pass(seconds(1))
    }
    await send('press-7', 0, 90)
    await send('press-7', -minutes(10))
    await send('press-7', days(1))
    await reject({ topic: 'v1/press-7/power', device: 'press-7' })
    for (let round = 0; round < 12; round++) {
      await send('press-7')
      pass(minutes(1))
    }
    clock.skipTo(clock.now() + minutes(30))
  }
  const kinds = ['anomaly.press-7.power', 'absence.press-7']
  const rejected = ['late.press-7', 'quarantined.press-7', 'dead.press-7']
  await vi.waitFor(() => expect(new Set(first.subjects)).toEqual(new Set([...kinds, ...rejected])), 10_000)
  await vi.waitFor(
    () =>
      expect(new Set(second.subjects)).toEqual(
        new Set([
          ...kinds.map((subject) => `plant-2.${subject}`),
          ...rejected.map((subject) => `plant-2-rejected.${subject}`),
        ]),
      ),
    10_000,
  )
  expect(new Set(first.events.map(({ source }) => source))).toEqual(new Set(['/tidemark/tidemark']))
  expect(new Set(second.events.map(({ source }) => source))).toEqual(new Set(['/tidemark/plant-2']))
  // The clock skips ahead of the server, which may look as if it did not answer.
  const said = [...first.reports, ...second.reports].filter(({ kind }) => kind !== 'waiting')
  expect(new Set(said.map(({ kind }) => kind))).toEqual(new Set(['made']))
  const client = await connectNats({ servers: first.server.address })
  onTestFinished(() => client.close())
  const manager = await jetstreamManager(await client.connection)
  const taken = async (stream: string) => (await manager.streams.info(stream)).config.subjects
  expect(await taken('tidemark')).toEqual(['anomaly.>', 'absence.>', 'undelivered.tidemark.>'])
  expect(await taken('plant-2')).toEqual(['plant-2.anomaly.>', 'plant-2.absence.>', 'plant-2.undelivered.>'])
})

test('a stream that would take the subjects of another one is refused', () => {
  const nothing = undefined as never
  expect(() => watchDevices({ broker: nothing, store: nothing, nats: nothing, stream: 'late' })).toThrow(
    'stream name "late" begins the subjects of stream "tidemark"',
  )
})

test('a length that is none is refused', () => {
  const nothing = undefined as never
  for (const absentAfter of [0, -1, Number.NaN]) {
    expect(() => watchDevices({ broker: nothing, store: nothing, nats: nothing, absentAfter })).toThrow(
      `absentAfter must be more than 0 ms, got ${absentAfter}`,
    )
  }
})
