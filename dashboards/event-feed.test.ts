import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from 'nats'
import { firstValueFrom, ReplaySubject, take, toArray } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { connectNats } from '../lib/nats/connect-nats.ts'
import { virtualClock } from '../lib/testing/virtual-clock.ts'
import { seconds } from '../lib/time/duration.ts'
import { startNatsServer } from '../test/support/nats-server.ts'
import { eventFeed } from './event-feed.ts'

const event = (id: string, data: unknown = {}): string =>
  JSON.stringify({ specversion: '1.0', id, source: '/test', type: 'test', data })

const openFeed = async (room?: () => Promise<void> | undefined) => {
  const server = await startNatsServer()
  onTestFinished(() => server.remove())
  const publisher = await connect({
    servers: server.address,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
  })
  onTestFinished(() => publisher.close())
  const makeStream = async (): Promise<void> => {
    const manager = await jetstreamManager(publisher)
    await manager.streams.add({ name: 'events', subjects: ['event.>'] })
  }
  await makeStream()
  const publish = async (...payloads: (string | Uint8Array)[]): Promise<void> => {
    for (const payload of payloads)
      await jetstream(publisher).publish('event.press-7', payload, { retries: 50 })
  }
  const nats = await connectNats({ servers: server.address, retryAfter: 50 })
  onTestFinished(() => nats.close())
  const reports: string[] = []
  const feed = eventFeed(
    nats,
    {
      stream: 'events',
      since: 0,
      subject: 'event.>',
      report: (line) => reports.push(line),
      ...(room && { room }),
    },
    { name: 'events', read: ({ event }) => (event.data === null ? undefined : event.id) },
  )
  const ids = new ReplaySubject<string>()
  const seen: string[] = []
  ids.subscribe((id) => seen.push(id))
  const following = feed.subscribe((id) => ids.next(id))
  onTestFinished(() => following.unsubscribe())
  const first = (count: number): Promise<string[]> => firstValueFrom(ids.pipe(take(count), toArray()))
  return { server, makeStream, publish, first, seen, reports }
}

test('a feed passes over what it cannot read, and reports how many messages that were', async () => {
  const { publish, first, reports } = await openFeed()
  await publish(event('one'), 'not JSON', '{"n":0}', 'null', Uint8Array.of(0xff, 0), event('two', null))
  await publish(event('three'), event('four'))
  expect(await first(3)).toEqual(['one', 'three', 'four'])
  await expect.poll(() => reports, { timeout: 5_000 }).toHaveLength(1)
  expect(reports).toEqual(['ignored messages that are not events: 5, the newest on subject event.press-7'])
})

test('a feed goes on after the server was killed, twice, with each event once', async () => {
  const { server, publish, first } = await openFeed()
  await publish(event('one'))
  expect(await first(1)).toEqual(['one'])
  await server.kill()
  await server.start()
  await publish(event('two'), event('three'))
  expect(await first(3)).toEqual(['one', 'two', 'three'])
  await server.kill()
  await server.start()
  await publish(event('four'))
  expect(await first(4)).toEqual(['one', 'two', 'three', 'four'])
}, 30_000)

test('a feed goes on with a stream that was made anew', async () => {
  const { server, makeStream, publish, first } = await openFeed()
  await publish(event('one'), event('two'), event('three'))
  expect(await first(3)).toEqual(['one', 'two', 'three'])
  await server.kill()
  server.wipe()
  await server.start()
  await expect.poll(makeStream, { timeout: 10_000 }).toBeUndefined()
  await publish(event('four'))
  expect(await first(4)).toEqual(['one', 'two', 'three', 'four'])
}, 30_000)

test('a feed fetches nothing while there is no room, and then goes on, with each event once', async () => {
  let waiting: Promise<void> | undefined
  let makeRoom = (): void => {}
  const { publish, first, seen } = await openFeed(() => waiting)
  await publish(event('0'))
  await first(1)
  waiting = new Promise((resolve) => {
    makeRoom = () => {
      waiting = undefined
      resolve()
    }
  })
  const all = Array.from({ length: 300 }, (_, number) => `${number}`)
  await publish(...all.slice(1).map((id) => event(id)))
  expect(seen).toEqual(['0', '1'])
  makeRoom()
  expect(await first(all.length)).toEqual(all)
})

test('a user that may not use JetStream is reported once, with what to give instead', async () => {
  const config = join(mkdtempSync(join(tmpdir(), 'event-feed-')), 'nats.conf')
  onTestFinished(() => rmSync(dirname(config), { recursive: true }))
  writeFileSync(
    config,
    'authorization { users: [{ user: ann, password: ann, permissions: { publish: { deny: ">" } } }] }',
  )
  const server = await startNatsServer(['-c', config])
  onTestFinished(() => server.remove())
  const nats = await connectNats({ servers: `ann:ann@${server.address}`, firstConnect: 'fail' })
  onTestFinished(() => nats.close())
  const clock = virtualClock()
  const reports: string[] = []
  const options = {
    stream: 'events',
    since: 0,
    subject: '>',
    clock,
    report: (line: string) => reports.push(line),
  }
  const following = eventFeed(nats, options, { name: 'events', read: () => undefined }).subscribe()
  onTestFinished(() => following.unsubscribe())
  await expect.poll(() => reports).toHaveLength(1)
  clock.advance(seconds(1))
  await expect.poll(() => clock.waiting, { timeout: 10_000 }).toBe(1)
  expect(reports).toHaveLength(1)
  expect(reports[0]).toMatch(
    /^events cannot be read: .* not allow this user to use JetStream\. Give an address/,
  )
})
