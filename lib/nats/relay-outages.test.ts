import { jetstream } from '@nats-io/jetstream'
import { expect, test } from 'vitest'
import { alarmBench, upTo } from '../../test/support/alarm-bench.ts'

const bench = alarmBench()
const { alarms, eventually, numbers, openStore, pipeline } = bench

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
