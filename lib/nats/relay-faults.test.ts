import { jetstream } from '@nats-io/jetstream'
import { connect } from 'nats'
import { expect, onTestFinished, test } from 'vitest'
import { alarmBench, upTo } from '../../test/support/alarm-bench.ts'
import { startNatsServer } from '../../test/support/nats-server.ts'

const bench = alarmBench()
const { alarms, eventually, numbers, openStore, pipeline, stored } = bench

test('what is written while the server is down arrives once when it is back', async () => {
  const pipe = pipeline(openStore())
  await alarms(pipe, 1, 50)
  await eventually(() => expect(pipe.published).toHaveLength(50))
  await bench.server.kill()
  await alarms(pipe, 51, 1_500)
  await bench.server.start()
  await alarms(pipe, 1_501, 1_600)
  await eventually(() => expect(pipe.published).toHaveLength(1_600))
  expect(await numbers()).toEqual(upTo(1_600))
})

test('twenty kills of the server while it is written to lose and double nothing', async () => {
  const pipe = pipeline(openStore())
  let written = 0
  for (let kill = 0; kill < 20; kill++) {
    await alarms(pipe, written + 1, written + 400)
    written += 400
    await eventually(() => expect(pipe.published.length).toBeGreaterThan(written - 400 + kill * 15))
    await bench.server.kill()
    await bench.server.start()
  }
  await eventually(() => expect(pipe.published).toHaveLength(written))
  expect(await numbers()).toEqual(upTo(written))
  expect(pipe.published.map(({ sequence }) => sequence)).toEqual(upTo(written))
}, 60_000)

test('a server restarted long after its duplicate window is written to again', async () => {
  const stream = { name: 'alarms', subjects: ['alarm.>'], duplicateWindow: 100 }
  const pipe = pipeline(openStore(), { stream })
  await alarms(pipe, 1, 10)
  await eventually(() => expect(pipe.published).toHaveLength(10))
  const sent = Date.now()
  await eventually(() => expect(Date.now() - sent).toBeGreaterThan(300))
  // From here on the server no longer knows its last message id.
  await bench.server.kill()
  await bench.server.start()
  await alarms(pipe, 11, 20)
  await eventually(() => expect(pipe.published).toHaveLength(20))
  expect(await numbers()).toEqual(upTo(20))
})

test('a server that hangs and comes back gets each row once', async () => {
  const pipe = pipeline(openStore(), { answerWithin: 300 })
  await alarms(pipe, 1, 10)
  await eventually(() => expect(pipe.published).toHaveLength(10))
  bench.server.freeze()
  await alarms(pipe, 11, 2_000)
  await eventually(() => expect(pipe.reports.map(({ kind }) => kind)).toContain('waiting'))
  bench.server.thaw()
  await eventually(() => expect(pipe.published).toHaveLength(2_000))
  expect(await numbers()).toEqual(upTo(2_000))
})

test('a restarted process finds its place in the stream', async () => {
  const store = openStore()
  const first = pipeline(store)
  await alarms(first, 1, 300)
  await eventually(() => expect(first.published.length).toBeGreaterThan(0))
  first.subscription.unsubscribe()
  const second = pipeline(store, {}, 301)
  await alarms(second, 301, 400)
  await eventually(async () => expect(await numbers()).toEqual(upTo(400)))
})

test('a deleted stream is made again and gets every row it had not confirmed, once', async () => {
  const pipe = pipeline(openStore())
  await alarms(pipe, 1, 100)
  await eventually(() => expect(pipe.published).toHaveLength(100))
  await bench.manager.streams.delete('alarms')
  await alarms(pipe, 101, 300)
  await eventually(() => expect(pipe.published).toHaveLength(300))
  expect(await numbers()).toEqual(upTo(300, 101))
  expect(pipe.reports).toContainEqual(expect.objectContaining({ kind: 'recreated' }))
})

test('a stream deleted while nobody was running is recognised after a restart', async () => {
  const store = openStore()
  const first = pipeline(store)
  await alarms(first, 1, 100)
  first.source.outcomes.complete()
  await first.completed
  await bench.manager.streams.delete('alarms')
  const second = pipeline(store, {}, 101)
  await alarms(second, 101, 150)
  await eventually(() => expect(second.published).toHaveLength(50))
  expect(await numbers()).toEqual(upTo(150, 101))
})

test('a purged stream goes on after what it had confirmed, also after restarts of both sides', async () => {
  const store = openStore()
  const first = pipeline(store)
  await alarms(first, 1, 100)
  await eventually(() => expect(first.published).toHaveLength(100))
  await bench.manager.streams.purge('alarms')
  await alarms(first, 101, 150)
  await eventually(() => expect(first.published).toHaveLength(150))
  first.source.outcomes.complete()
  await first.completed
  expect(await numbers()).toEqual(upTo(150, 101))

  await bench.manager.streams.purge('alarms')
  await bench.server.kill()
  await bench.server.start()
  const second = pipeline(store, {}, 151)
  await alarms(second, 151, 200)
  await eventually(() => expect(second.published).toHaveLength(50))
  expect(await numbers()).toEqual(upTo(200, 151))
  expect(second.reports).toContainEqual(expect.objectContaining({ kind: 'purged' }))
})

test('a tail that the server confirmed and then lost is sent again, once', async () => {
  const pipe = pipeline(openStore())
  await alarms(pipe, 1, 100)
  await eventually(() => expect(pipe.published).toHaveLength(100))
  await bench.server.stop()
  bench.server.snapshot()
  await bench.server.start()
  await alarms(pipe, 101, 400)
  await eventually(() => expect(pipe.published).toHaveLength(400))
  await bench.server.kill()
  bench.server.restore()
  await bench.server.start()
  await eventually(() => expect(pipe.published).toHaveLength(700))
  await alarms(pipe, 401, 450)
  await eventually(() => expect(pipe.published).toHaveLength(750))
  expect(await numbers()).toEqual(upTo(450))
  expect(pipe.reports).toContainEqual(
    expect.objectContaining({ kind: 'tail lost', message: expect.stringContaining('newest 300 messages') }),
  )
})

test('a server that lost all of a young stream gets all of it again, once', async () => {
  await bench.manager.streams.add({ name: 'alarms', subjects: ['alarm.>'] })
  await bench.server.stop()
  bench.server.snapshot()
  await bench.server.start()
  const pipe = pipeline(openStore())
  await alarms(pipe, 1, 200)
  await eventually(() => expect(pipe.published).toHaveLength(200))
  await bench.server.kill()
  bench.server.restore()
  await bench.server.start()
  await eventually(() => expect(pipe.published).toHaveLength(400))
  expect(await numbers()).toEqual(upTo(200))
})

test('a row purged before its confirmation came is sent again once the server forgets its id', async () => {
  const stream = { name: 'alarms', subjects: ['alarm.>'], duplicateWindow: 1_000 }
  const store = openStore()
  const first = pipeline(store, { stream })
  await alarms(first, 1, 1)
  first.source.outcomes.complete()
  await first.completed
  // As if row 2 had been stored, its confirmation lost on the way, and the stream purged then.
  const hidden = `${store.epoch}-2-0`
  await jetstream(bench.admin).publish('alarm.p2', '{"data":{"number":2}}', { msgID: hidden })
  await bench.manager.streams.purge('alarms')
  const second = pipeline(store, { stream }, 2)
  await alarms(second, 2, 3)
  await eventually(() => expect(second.published).toHaveLength(2))
  expect(await numbers()).toEqual([2, 3])
})

test('a stream another store writes to is left alone until told that the store is gone', async () => {
  const first = pipeline(openStore())
  await alarms(first, 1, 10)
  await eventually(() => expect(first.published).toHaveLength(10))

  const store = openStore()
  const second = pipeline(store)
  await alarms(second, 11, 20)
  await expect(second.completed).rejects.toThrow(/stream "alarms" is not ours to write: .* takeOver: \["/)
  expect(await numbers()).toEqual(upTo(10))

  // The zombie: the first writer is fenced off as soon as the second has taken over.
  const epoch = (await stored())[0]!.id.replace(/-\d+-\d+$/, '')
  const third = pipeline(store, { takeOver: [epoch] })
  await eventually(() => expect(third.published).toHaveLength(10))
  await alarms(first, 900, 950)
  await expect(first.completed).rejects.toThrow(`written by store "${store.epoch}"`)
  expect(await numbers()).toEqual(upTo(20))
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
  expect(messages.map((message) => message.subject)[5]).toBe('dead.pump=2Ebig')
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
