import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from 'nats'
import { firstValueFrom, ReplaySubject, take, toArray } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { connectNats } from '../lib/nats/connect-nats.ts'
import { startNatsServer } from '../test/support/nats-server.ts'
import { eventFeed } from './event-feed.ts'

const openFeed = async () => {
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
  const publish = async (...payloads: string[]): Promise<void> => {
    for (const payload of payloads)
      await jetstream(publisher).publish('event.press-7', payload, { retries: 50 })
  }
  const nats = await connectNats({ servers: server.address, retryAfter: 50 })
  onTestFinished(() => nats.close())
  const feed = eventFeed(nats, { stream: 'events', since: 0, subject: 'event.>' })
  const ids = new ReplaySubject<string>()
  const following = feed.subscribe(({ event }) => ids.next(event.id))
  onTestFinished(() => following.unsubscribe())
  const first = (count: number): Promise<string[]> => firstValueFrom(ids.pipe(take(count), toArray()))
  return { server, makeStream, publish, first }
}

test('a feed goes on past what is no event, with each event once', async () => {
  const { publish, first } = await openFeed()
  await publish('{"id":"one"}', 'no event', '{"id":"three"}')
  await publish('{"id":"four"}', '{"id":"five"}')
  expect(await first(4)).toEqual(['one', 'three', 'four', 'five'])
})

test('a feed goes on after the server was killed, twice, with each event once', async () => {
  const { server, publish, first } = await openFeed()
  await publish('{"id":"one"}')
  expect(await first(1)).toEqual(['one'])
  await server.kill()
  await server.start()
  await publish('{"id":"two"}', '{"id":"three"}')
  expect(await first(3)).toEqual(['one', 'two', 'three'])
  await server.kill()
  await server.start()
  await publish('{"id":"four"}')
  expect(await first(4)).toEqual(['one', 'two', 'three', 'four'])
}, 30_000)

test('a feed goes on with a stream that was made anew', async () => {
  const { server, makeStream, publish, first } = await openFeed()
  await publish('{"id":"one"}', '{"id":"two"}', '{"id":"three"}')
  expect(await first(3)).toEqual(['one', 'two', 'three'])
  await server.kill()
  server.wipe()
  await server.start()
  await expect.poll(makeStream, { timeout: 10_000 }).toBeUndefined()
  await publish('{"id":"four"}')
  expect(await first(4)).toEqual(['one', 'two', 'three', 'four'])
}, 30_000)
