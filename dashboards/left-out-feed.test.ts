import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from 'nats'
import { expect, onTestFinished, test } from 'vitest'
import { connectNats } from '../lib/nats/connect-nats.ts'
import { startNatsServer } from '../test/support/nats-server.ts'
import { type LeftOut, leftOutFeed } from './left-out-feed.ts'

test('rejected values are read under both their subjects, and so are undelivered anomalies', async () => {
  const server = await startNatsServer()
  onTestFinished(() => server.remove())
  const publisher = await connect({ servers: server.address })
  onTestFinished(() => publisher.close())
  const manager = await jetstreamManager(publisher)
  await manager.streams.add({ name: 'plant', subjects: ['anomaly.>', 'plant.undelivered.>'] })
  await manager.streams.add({
    name: 'plant-rejected',
    subjects: ['late.>', 'quarantined.>', 'dead.>', 'plant-rejected.>'],
  })
  const publish = (subject: string, data: unknown, device = 'press-7') =>
    jetstream(publisher).publish(
      subject,
      JSON.stringify({ specversion: '1.0', id: subject, source: '/a', type: 'b', subject: device, data }),
    )
  const reports: string[] = []
  const found: LeftOut[] = []
  const nats = await connectNats({ servers: server.address })
  onTestFinished(() => nats.close())
  const feed = leftOutFeed(nats, { stream: 'plant', since: 0, report: (line) => reports.push(line) })
  const following = feed.subscribe((each) => found.push(each))
  onTestFinished(() => following.unsubscribe())

  for (const subject of ['late.press-7', 'plant-rejected.dead.press-7', 'plant.undelivered.press-7']) {
    await publish(subject, { reason: subject, value: null })
  }
  await publish('dead.=', { reason: 'old', value: { topic: 'v1/press-8/power', payload: '' } }, '')
  await publish('late.x', { value: null })
  await publish('plant-rejected.other.x', { reason: 'of another kind', value: null })
  await expect.poll(() => reports, { timeout: 5_000 }).toHaveLength(1)
  expect(found.map(({ kind, device, reason }) => `${kind} ${device} ${reason}`).sort()).toEqual([
    'dead press-7 plant-rejected.dead.press-7',
    'dead press-7 plant.undelivered.press-7',
    'dead press-8 old',
    'late press-7 late.press-7',
  ])
  expect(reports).toEqual([
    'ignored messages that are not rejected values: 2, the newest on subject plant-rejected.other.x',
  ])
})
