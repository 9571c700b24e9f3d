import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from 'nats'
import { firstValueFrom, take, toArray } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { connectNats } from '../lib/nats/connect-nats.ts'
import { startNatsServer } from '../test/support/nats-server.ts'
import { eventFeed } from './event-feed.ts'

test('a feed goes on past what is no event, with each event once', async () => {
  const server = await startNatsServer()
  onTestFinished(() => server.remove())
  const publisher = await connect({
    servers: server.address,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
  })
  onTestFinished(() => publisher.close())
  const manager = await jetstreamManager(publisher)
  await manager.streams.add({ name: 'events', subjects: ['event.>'] })
  const publish = async (...payloads: string[]): Promise<void> => {
    for (const payload of payloads) await jetstream(publisher).publish('event.press-7', payload)
  }
  const nats = await connectNats({ servers: server.address, retryAfter: 50 })
  onTestFinished(() => nats.close())
  const ids = firstValueFrom(
    eventFeed(nats, { stream: 'events', since: 0, subject: 'event.>' }).pipe(take(4), toArray()),
  )

  await publish('{"id":"one"}', 'no event', '{"id":"three"}')
  await publish('{"id":"four"}', '{"id":"five"}')
  expect((await ids).map(({ event }) => event.id)).toEqual(['one', 'three', 'four', 'five'])
})
