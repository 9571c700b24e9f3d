import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from 'nats'
import { expect, onTestFinished, test } from 'vitest'
import { alarmBench, upTo } from '../../test/support/alarm-bench.ts'
import { startNatsServer } from '../../test/support/nats-server.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { connectNats } from './connect-nats.ts'

const bench = alarmBench()
const { alarms, eventually, numbers, openStore, pipeline, stored } = bench

test('a stream that another store writes to is left alone until the operator says that the store is gone', async () => {
  const first = pipeline(openStore())
  await alarms(first, 1, 10)
  await eventually(() => expect(first.published).toHaveLength(10))

  const store = openStore()
  const second = pipeline(store)
  await alarms(second, 11, 20)
  await eventually(() => expect(takenIn(second)).toHaveLength(1))
  expect(await numbers()).toEqual(upTo(10))
  second.subscription.unsubscribe()

  // The zombie: the first writer is fenced off as soon as the second has taken over.
  const [taken] = takenIn(second)
  expect(taken?.message).toMatch(/^nothing is published to stream "alarms": .* takeOver: \[".*"\], or delete/)
  const third = pipeline(store, { takeOver: [taken!.taken!.takeOver] })
  await eventually(() => expect(third.published).toHaveLength(10))
  await alarms(first, 900, 950)
  await eventually(() => expect(takenIn(first)[0]?.message).toContain(`written by store "${store.epoch}"`))
  expect(await numbers()).toEqual(upTo(20))
})

/** Publishes what looks like a row of a store, under the id that the function makes of the newest one. */
const forge = async (idOf: (newest: string) => string): Promise<number> => {
  const id = idOf((await stored()).at(-1)!.id)
  const { seq } = await jetstream(bench.admin).publish('alarm.x', '{"data":{"number":-1}}', { msgID: id })
  return seq
}

test('a forged id stops nothing but the publishing, which goes on once the message is gone', async () => {
  const pipe = pipeline(openStore())
  await alarms(pipe, 1, 5)
  await eventually(() => expect(pipe.published).toHaveLength(5))
  const sequence = await forge(() => 'forged-1-0')
  await alarms(pipe, 6, 10)
  await eventually(() => expect(takenIn(pipe)[0]?.taken?.takeOver).toBe('forged'))
  expect(takenIn(pipe)[0]?.message).toContain(`"forged-1-0" at sequence ${sequence}`)
  await alarms(pipe, 11, 15)
  expect(await numbers()).toEqual([...upTo(5), -1])
  await bench.manager.streams.deleteMessage('alarms', sequence)
  await eventually(() => expect(pipe.published).toHaveLength(15))
  expect(await numbers()).toEqual(upTo(15))
  expect(pipe.reports).toContainEqual(expect.objectContaining({ kind: 'resumed' }))
})

test('an id of rows that this store has yet to write is not taken for one of them', async () => {
  const store = openStore()
  // The server swallows row 8 for as long as it remembers the id of the forged one.
  const pipe = pipeline(store, { stream: { name: 'alarms', duplicateWindow: 500 } })
  await alarms(pipe, 1, 5)
  await eventually(() => expect(pipe.published).toHaveLength(5))
  await forge((newest) => newest.replace(/-5-0$/, '-8-0'))
  await alarms(pipe, 6, 6)
  await eventually(() => expect(takenIn(pipe)[0]?.taken?.takeOver).toBe(`${store.epoch}-8-0`))
  await alarms(pipe, 7, 10)
  pipe.subscription.unsubscribe()
  const still = pipeline(store, {}, 11)
  await eventually(() => expect(takenIn(still)).toHaveLength(1))
  still.subscription.unsubscribe()
  const next = pipeline(store, { takeOver: [`${store.epoch}-8-0`] }, 11)
  await eventually(() => expect(next.published).toHaveLength(5))
  expect(await numbers()).toEqual([...upTo(5), -1, ...upTo(10, 6)])
})

const takenIn = ({ reports }: Pick<ReturnType<typeof pipeline>, 'reports'>) =>
  reports.filter(({ kind }) => kind === 'taken')

test('a stream that holds only what strangers published is begun behind it', async () => {
  await bench.manager.streams.add({ name: 'alarms', subjects: ['alarm.>'] })
  for (let stray = 0; stray < 2; stray++) await bench.admin.request('alarm.test', '{"data":{"number":-1}}')
  const pipe = pipeline(openStore())
  await alarms(pipe, 1, 5)
  await eventually(() => expect(pipe.published).toHaveLength(5))
  expect(await numbers()).toEqual([-1, -1, ...upTo(5)])
})

test('strangers who publish into the stream are passed over and reported', async () => {
  const pipe = pipeline(openStore())
  await alarms(pipe, 1, 10)
  await eventually(() => expect(pipe.published).toHaveLength(10))
  for (let stray = 0; stray < 3; stray++) await bench.admin.request('alarm.test', '{"data":{"number":-1}}')
  await alarms(pipe, 11, 20)
  await eventually(() => expect(pipe.published).toHaveLength(20))
  expect(await numbers()).toEqual([...upTo(10), -1, -1, -1, ...upTo(20, 11)])
  expect(pipe.reports).toContainEqual(
    expect.objectContaining({
      kind: 'strays',
      message: expect.stringContaining('3 messages that no store wrote'),
    }),
  )
})

test('a message too large for the server becomes a dead letter in its place', async () => {
  const store = openStore()
  const pipe = pipeline(store)
  await alarms(pipe, 1, 5)
  const position = pipe.source.add([{ pump: 'big', number: 6, filler: 'x'.repeat(2 ** 20) }], [], 'pump.big')
  await alarms(pipe, 7, 10)
  await eventually(() => expect(pipe.published).toHaveLength(10))
  const messages = await stored()
  expect(messages.map((message) => message.subject)[5]).toBe('undelivered.alarms.pump=2Ebig')
  expect(messages[5]).toMatchObject({
    id: `${store.epoch}-${position}-0`,
    event: {
      data: { reason: expect.stringMatching(/did not take.*bytes/), value: { subject: 'alarm.big' } },
    },
  })
  expect(messages.filter((_, at) => at !== 5).map(({ event }) => event.data.number)).toEqual([
    ...upTo(5),
    ...upTo(10, 7),
  ])
  expect(pipe.reports).toContainEqual(expect.objectContaining({ kind: 'dead' }))
})

test.each([
  ['the server', ['max_payload: 1024'], {}],
  ['the stream', [], { max_msg_size: 1_024 }],
])(
  'a message too large for a small limit of %s becomes a dead letter that fits',
  async (_, settings, limits) => {
    const file = join(temporaryFolder(), 'nats.conf')
    writeFileSync(file, settings.join('\n'))
    const server = await startNatsServer(['-c', file])
    onTestFinished(() => server.remove())
    const nats = await connectNats({ servers: server.address })
    onTestFinished(() => nats.close())
    const manager = await jetstreamManager(await nats.connection)
    await manager.streams.add({ name: 'alarms', subjects: ['alarm.>', 'undelivered.alarms.>'], ...limits })
    const pipe = pipeline(openStore(), {}, 1, nats)
    await alarms(pipe, 1, 2)
    pipe.source.add([{ pump: 'big', number: 3, filler: 'x'.repeat(40_000) }], [], 'pump.big')
    await alarms(pipe, 4, 5)
    await eventually(() => expect(pipe.published).toHaveLength(5))
    expect(pipe.published.map(({ subject }) => subject)[2]).toBe('undelivered.alarms.pump=2Ebig')
    expect(pipe.reports.filter(({ kind }) => kind === 'refused' || kind === 'dead')).toEqual([
      {
        kind: 'refused',
        message: expect.stringMatching(/is not taken: message of \d+ bytes, and 1024 are taken/),
      },
      { kind: 'dead', message: expect.stringContaining('became a dead letter') },
    ])
    const { data } = (await manager.streams.getMessage('alarms', { seq: 3 }))!
    const letter = JSON.parse(Buffer.from(data).toString()) as { data: { value: { beginning: string } } }
    expect(Buffer.from(letter.data.value.beginning, 'base64').toString()).toMatch(/^\{"specversion"/)
  },
)

test('a subject that the user may not publish to is reported at once, and its rows wait', async () => {
  const file = join(temporaryFolder(), 'nats.conf')
  const permissions = (deny: string): string =>
    `authorization { users: [{ user: ann, password: ann, permissions: { publish: { deny: "${deny}" } } }] }`
  writeFileSync(file, permissions('alarm.p2'))
  const server = await startNatsServer(['-c', file])
  onTestFinished(() => server.remove())
  const nats = await connectNats({ servers: `ann:ann@${server.address}`, retryAfter: 50 })
  onTestFinished(() => nats.close())
  const pipe = pipeline(openStore(), {}, 1, nats)
  await alarms(pipe, 1, 4)
  const waiting = () => pipe.reports.filter(({ kind }) => kind === 'waiting').map(({ message }) => message)
  const expected =
    'the stream takes nothing: this user may not publish to "alarm.p2": give it the permission, ' +
    'or connect as another (403)'
  await eventually(() => expect(waiting()).toEqual([expected]))
  expect(pipe.published).toHaveLength(1)
  await server.stop()
  writeFileSync(file, permissions('alarm.none'))
  await server.start()
  await eventually(() => expect(pipe.published).toHaveLength(4))
})

test('a row the stream keeps refusing becomes a dead letter, and those behind it wait their turn', async () => {
  await bench.manager.streams.add({ name: 'alarms', subjects: ['alarm.p1', 'alarm.p2', 'dead.>'] })
  const pipe = pipeline(openStore(), { triesPerRow: 3 })
  await alarms(pipe, 1, 4)
  await eventually(() => expect(pipe.published).toHaveLength(4))
  const messages = await stored()
  expect(messages.map((message) => message.subject)).toEqual([
    'alarm.p1',
    'alarm.p2',
    'dead.actor',
    'alarm.p1',
  ])
  expect(messages[2]?.event.data).toMatchObject({
    reason: expect.stringContaining('no stream takes this subject'),
  })
})

test('a stream that takes neither a row nor its dead letter is reported, and loses nothing once it does', async () => {
  await bench.manager.streams.add({ name: 'alarms', subjects: ['alarm.p1'] })
  const pipe = pipeline(openStore(), { triesPerRow: 2 })
  await alarms(pipe, 1, 3)
  await eventually(() =>
    expect(pipe.reports.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('the dead letter of'),
    ),
  )
  await bench.manager.streams.update('alarms', { subjects: ['alarm.>'] })
  await eventually(() => expect(pipe.published).toHaveLength(3))
  expect(await numbers()).toEqual([1, 2, 3])
})

test('a stream that cannot be made is waited for and reported', async () => {
  const pipe = pipeline(openStore())
  await bench.manager.streams.add({ name: 'other', subjects: ['alarm.>'] })
  onTestFinished(async () => void (await bench.manager.streams.delete('other')))
  await alarms(pipe, 1, 3)
  await eventually(() =>
    expect(pipe.reports).toContainEqual(
      expect.objectContaining({ kind: 'waiting', message: expect.stringContaining('overlap') }),
    ),
  )
  expect(pipe.published).toEqual([])
  await bench.manager.streams.delete('other')
  await eventually(() => expect(pipe.published).toHaveLength(3))
  await bench.manager.streams.add({ name: 'other', subjects: ['elsewhere.>'] })
})

test('a full stream is waited for, and no row is given up', async () => {
  await bench.manager.streams.add({
    name: 'alarms',
    subjects: ['alarm.>', 'dead.>'],
    max_msgs: 2,
    discard: 'new' as never,
  })
  const pipe = pipeline(openStore(), { triesPerRow: 1 })
  await alarms(pipe, 1, 4)
  await eventually(() =>
    expect(pipe.reports).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('takes nothing') }),
    ),
  )
  await bench.manager.streams.update('alarms', { max_msgs: 10 })
  await eventually(() => expect(pipe.published).toHaveLength(4))
  expect(await numbers()).toEqual(upTo(4))
})

test('nothing a device may be called reaches the server as a command', async () => {
  const spy = await connect({ servers: bench.server.address })
  onTestFinished(() => spy.close())
  const heard: string[] = []
  spy.subscribe('pwned.>', { callback: (_, message) => void heard.push(message.subject) })
  await spy.flush()
  const pipe = pipeline(openStore())
  const names = [
    'a\r\nPUB pwned.topic 0\r\n\r\n',
    '*',
    '>',
    '..',
    '$SYS',
    'x pwned.reply',
    '\0',
    '\ud800',
    '',
  ]
  for (const [number, pump] of names.entries()) pipe.source.add([{ pump, number }], [], pump)
  await pipe.source.commit()
  await eventually(() => expect(pipe.published).toHaveLength(names.length))
  await spy.flush()
  expect(heard).toEqual([])
  expect(new Set((await stored()).map((message) => message.subject)).size).toBe(names.length)
})

test('a server of its own is gone when its test is over', async () => {
  const server = await startNatsServer()
  await server.remove()
  await expect(connect({ servers: server.address, reconnect: false })).rejects.toThrow()
})
