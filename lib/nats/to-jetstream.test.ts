import { expect, onTestFinished, test } from 'vitest'
import { type Alarm, alarmBench, upTo } from '../../test/support/alarm-bench.ts'
import { WrittenOutcomes } from '../../test/support/written-outcomes.ts'
import { connectNats } from './connect-nats.ts'
import { encodeOutboxMessage } from './outbox-message.ts'
import type { RelayReport } from './relay-report.ts'
import { toJetStream } from './to-jetstream.ts'

const bench = alarmBench()
const { alarms, eventually, numbers, openStore, pipeline, stored, subject } = bench

test('an output becomes a CloudEvent any client can read, and its id is the message id', async () => {
  const store = openStore()
  const pipe = pipeline(store, { event: () => ({ type: 'com.example.alarm.v1', source: '/plant/7' }) })
  const position = pipe.source.add([{ pump: 'p 7', number: 1, time: 1_700_000_000_000 }], [], 'pump 7')
  await pipe.source.commit()
  await eventually(() => expect(pipe.published).toHaveLength(1))

  const id = `${store.epoch}-${position}-0`
  expect(pipe.published).toEqual([{ id, subject: 'alarm.p=207', stream: 'alarms', sequence: 1 }])
  expect(await stored()).toEqual([
    {
      subject: 'alarm.p=207',
      id,
      contentType: 'application/cloudevents+json',
      event: {
        specversion: '1.0',
        id,
        source: '/plant/7',
        type: 'com.example.alarm.v1',
        subject: 'pump 7',
        time: '2023-11-14T22:13:20.000Z',
        datacontenttype: 'application/json',
        data: { pump: 'p 7', number: 1, time: 1_700_000_000_000 },
      },
    },
  ])
})

test('what is rejected goes to a stream of its own with the reason, numbered after the values', async () => {
  const store = openStore()
  const pipe = pipeline(store)
  const value = { pump: 'p1', number: 0, time: 5 }
  const position = pipe.source.add(
    [{ pump: 'p1', number: 1 }],
    [
      { tag: 'late', value, reason: 'after its window' },
      { tag: 'quarantined', value: { ...value, time: 1.7e18 }, reason: 'time in nanoseconds' },
      { tag: 'dead', value: { text: 'x' }, reason: 'not JSON' },
      { tag: 'worn out', value, reason: '' },
    ],
    'p.1',
    1_000,
  )
  await pipe.source.commit()
  await eventually(() => expect(pipe.published).toHaveLength(5))
  expect((await stored()).map(({ id }) => id)).toEqual([`${store.epoch}-${position}-0`])
  const messages = await stored('alarms-rejected')
  expect(messages.map((message) => message.subject)).toEqual([
    'alarms-rejected.late.p=2E1',
    'alarms-rejected.quarantined.p=2E1',
    'alarms-rejected.dead.p=2E1',
    'alarms-rejected.side.worn=20out.p=2E1',
  ])
  expect(messages.map(({ id }) => id)).toEqual(
    [1, 2, 3, 4].map((index) => `${store.epoch}-${position}-${index}`),
  )
  expect(messages[0]?.event).toMatchObject({
    type: 'dev.tidemark.late.v1',
    time: '1970-01-01T00:00:00.005Z',
    data: { reason: 'after its window', value },
  })
  // A time no calendar has must not stop the relay.
  expect(messages[1]?.event).toMatchObject({
    time: '1970-01-01T00:00:01.000Z',
    data: { reason: 'time in nanoseconds' },
  })
  expect(messages[2]?.event).toMatchObject({ data: { reason: 'not JSON', value: { text: 'x' } } })
  expect(messages[3]?.event).toMatchObject({ type: 'dev.tidemark.side.v1', data: { reason: '', value } })
})

test('a value that cannot be a message becomes a dead letter, under the id it would have had', async () => {
  const store = openStore()
  const circular: { self?: unknown } = {}
  circular.self = circular
  const pipe = pipeline(store, {
    subject: Object.assign((alarm: Alarm) => `alarm.${alarm.pump}`, { patterns: ['alarm.>'] }),
  })
  pipe.source.add([
    { pump: 'a b\r\nPUB x 1', number: 1 },
    { pump: 'ok', number: 2 },
    { ...circular, pump: 'c', number: 3 },
  ])
  pipe.source.add([{ pump: '>', number: 4 }])
  await pipe.source.commit()
  await eventually(() => expect(pipe.published).toHaveLength(4))
  expect((await stored()).map((message) => message.subject)).toEqual(['alarm.ok'])
  const messages = await stored('alarms-rejected')
  const dead = 'alarms-rejected.dead.actor'
  expect(messages.map((message) => message.subject)).toEqual([dead, dead, dead])
  expect(messages.map(({ id }) => id)).toEqual(['1-0', '1-2', '2-0'].map((key) => `${store.epoch}-${key}`))
  expect(messages[0]?.event.data).toMatchObject({
    reason: expect.stringContaining('cannot be published to'),
    value: { number: 1 },
  })
  expect(messages[1]?.event.data).toMatchObject({ reason: expect.stringContaining('circular'), value: null })
})

test('rows left over from an earlier run are published although the source never emits', async () => {
  const store = openStore()
  const before = pipeline(store)
  before.subscription.unsubscribe()
  const source = new WrittenOutcomes<Alarm>(store)
  source.outcomes.subscribe((outcome) => {
    outcome.record(
      'alarms',
      0,
      encodeOutboxMessage({ subject: 'alarm.x', key: 'x', payload: Buffer.from('{"data":{"number":1}}') }),
    )
  })
  source.add([{ pump: 'x', number: 1 }])
  await source.commit()
  const after = pipeline(store)
  await eventually(() => expect(after.published).toHaveLength(1))
  expect(await numbers()).toEqual([1])
})

test('everything arrives once and in order, and the source completing drains it', async () => {
  const pipe = pipeline(openStore())
  for (let batch = 0; batch < 10; batch++) await alarms(pipe, batch * 200 + 1, batch * 200 + 200)
  pipe.source.outcomes.complete()
  await pipe.completed
  expect(pipe.published.map(({ sequence }) => sequence)).toEqual(upTo(2_000))
  expect(await numbers()).toEqual(upTo(2_000))
})

test('without a server, completing gives up after drainFor, and the rows wait for the next run', async () => {
  const store = openStore()
  const nowhere = await connectNats({ servers: '127.0.0.1:1', firstConnect: 'later', retryAfter: 50 })
  onTestFinished(() => nowhere.close())
  const source = new WrittenOutcomes<Alarm>(store)
  const reports: RelayReport[] = []
  const report = (said: RelayReport): void => void reports.push(said)
  const completed = new Promise<void>((resolve) => {
    source.outcomes
      .pipe(toJetStream(nowhere, { store, subject, stream: 'alarms', drainFor: 200, report }))
      .subscribe({ complete: resolve })
  })
  source.add([{ pump: 'p', number: 1 }])
  await source.commit()
  source.outcomes.complete()
  await completed
  expect(reports).toEqual([
    {
      kind: 'unreachable',
      message: 'no NATS server at 127.0.0.1:1: connection refused. What is to be published waits on the disk',
    },
  ])
  expect(store.outbox('alarms').count()).toBe(1)
  const next = pipeline(store)
  await eventually(() => expect(next.published).toHaveLength(1))
})

test('a second sink on the same outbox is refused in words', async () => {
  const store = openStore()
  const first = pipeline(store)
  const second = pipeline(store)
  await expect(second.completed).rejects.toThrow('give each toJetStream and toSink a name of its own')
  first.subscription.unsubscribe()
  const third = pipeline(store)
  await alarms(third, 1, 1)
  await eventually(() => expect(third.published).toHaveLength(1))
})

test('the stream is made on disk with bounds, and one that exists is used as it is', async () => {
  await bench.manager.streams.add({
    name: 'alarms',
    subjects: ['alarm.>', 'dead.>', 'late.>', 'quarantined.>'],
    max_bytes: 12_345_678,
  })
  const first = pipeline(openStore())
  await alarms(first, 1, 1)
  await eventually(() => expect(first.published).toHaveLength(1))
  expect((await bench.manager.streams.info('alarms')).config.max_bytes).toBe(12_345_678)
  first.subscription.unsubscribe()
  await bench.manager.streams.delete('alarms')

  const second = pipeline(openStore())
  await alarms(second, 1, 1)
  await eventually(() => expect(second.published).toHaveLength(1))
  expect((await bench.manager.streams.info('alarms')).config).toMatchObject({
    storage: 'file',
    discard: 'old',
    max_age: 7 * 86_400e9,
    max_bytes: 2 ** 30,
    duplicate_window: 120e9,
    subjects: ['alarm.>', 'undelivered.alarms.>'],
  })
  await eventually(async () =>
    expect((await bench.manager.streams.info('alarms-rejected')).config).toMatchObject({
      max_age: 7 * 86_400e9,
      max_bytes: 256 * 2 ** 20,
      subjects: ['late.>', 'quarantined.>', 'dead.>', 'side.>'].map((each) => `alarms-rejected.${each}`),
    }),
  )
  expect(second.reports).toContainEqual({
    kind: 'made',
    message: 'stream "alarms" did not exist and was made',
  })
})

test('a confirmed row is kept for the sync interval and then deleted', async () => {
  const store = openStore()
  const pipe = pipeline(store, { syncInterval: 0 })
  await alarms(pipe, 1, 20)
  await eventually(() => expect(pipe.published).toHaveLength(20))
  expect(store.outbox('alarms').count()).toBeGreaterThan(0)
  await eventually(() => expect(store.outbox('alarms').count()).toBe(0))
  await alarms(pipe, 21, 25)
  await eventually(() => expect(pipe.published).toHaveLength(25))
  expect(await numbers()).toEqual(upTo(25))
})

test('a sink that cannot know its subjects says so when it is made', () => {
  const store = openStore()
  const plain = ({ pump }: Alarm): string => `alarm.${pump}`
  expect(() => toJetStream(bench.nats, { store, subject: plain, stream: 'alarms' })).toThrow(
    'give stream.subjects',
  )
  expect(() => toJetStream(bench.nats, { store, subject, stream: 'a.b' })).toThrow('stream name "a.b"')
})
