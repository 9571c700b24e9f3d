import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { acknowledgingBroker, connectTo, openTestBroker } from '../../test/support/broker-bench.ts'
import { HeldDeliveries } from '../../test/support/held-deliveries.ts'
import type { RawMqtt } from '../../test/support/raw-mqtt.ts'
import type { Broker } from './open-broker.ts'

const subscriberTo = async (
  broker: Broker,
  clientId: string,
  filter: string,
  qos: 0 | 1 | 2 = 0,
): Promise<RawMqtt> => {
  const subscriber = await connectTo(broker, clientId)
  subscriber.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos }] })
  await subscriber.until(() => subscriber.count('suback') === 1)
  return subscriber
}

const topicsOf = (client: RawMqtt): string[] =>
  client.packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.topic] : []))

test('wills of every QoS that fire together are all taken, and all shown', async () => {
  const broker = await acknowledgingBroker()
  const watcher = await subscriberTo(broker, 'watcher', 'v1/#', 2)
  const clients = await Promise.all(
    Array.from({ length: 60 }, (_, index) => {
      const qos = (index % 3) as 0 | 1 | 2
      const will = { topic: `v1/press-${index}/alive`, payload: Buffer.from('0'), qos, retain: false }
      return connectTo(broker, `press-${index}`, { will })
    }),
  )
  for (const client of clients) client.close()
  await watcher.until(() => watcher.count('publish') === 60)
  await watcher.ping()
  expect(new Set(topicsOf(watcher)).size).toBe(60)
  expect(topicsOf(watcher)).toHaveLength(60)
  expect(broker.counts).toMatchObject({ received: 60, acknowledged: 60, readings: 60 })
})

test('publishes of different QoS are shown in the order in which they were sent', async () => {
  const broker = await acknowledgingBroker()
  const watcher = await subscriberTo(broker, 'watcher', 'v1/#', 1)
  const client = await connectTo(broker)
  for (let id = 1; id <= 90; id++)
    if (id % 3 === 0) client.publish(`v1/${id}/m`, '1')
    else client.publish(`v1/${id}/m`, '1', id, { qos: id % 3 === 1 ? 1 : 2 })
  await watcher.until(() => watcher.count('publish') === 90)
  expect(topicsOf(watcher)).toEqual(Array.from({ length: 90 }, (_, index) => `v1/${index + 1}/m`))
})

test('a publish is shown at the lower QoS of publish and subscription, and every handshake is completed', async () => {
  const broker = await acknowledgingBroker()
  const watcher = await subscriberTo(broker, 'watcher', 'v1/+/m', 2)
  const client = await connectTo(broker)
  client.publish('v1/p/m', '1', 7, { qos: 2 })
  await watcher.until(() => watcher.count('publish') === 1)
  const [shown] = watcher.packets.filter((packet) => packet.cmd === 'publish')
  expect(shown).toMatchObject({ qos: 2, dup: false, retain: false })
  watcher.send({ cmd: 'pubrec', messageId: shown!.messageId! })
  await watcher.until(() => watcher.count('pubrel') === 1)
  watcher.send({ cmd: 'pubcomp', messageId: shown!.messageId! })
  client.publish('v1/p/m', '2', 8)
  await watcher.until(() => watcher.count('publish') === 2)
  expect(watcher.packets.at(-1)).toMatchObject({ qos: 1 })
  watcher.send({ cmd: 'puback', messageId: (watcher.packets.at(-1) as { messageId: number }).messageId })
  await watcher.ping()
  expect(watcher.closed).toBe(false)
})

test('subscribers that leave, return and are taken over under load end nothing and slow no PUBACK', async () => {
  const broker = await openTestBroker()
  const held = new HeldDeliveries(broker.readings)
  const publisher = await connectTo(broker, 'publisher')
  let sent = 0
  const publish = (count: number): void => {
    const packets = Array.from({ length: count }, () =>
      generate({
        ...{ cmd: 'publish', topic: 'v1/p/m', payload: '1', qos: 1, retain: false, dup: false },
        messageId: (sent++ % 65_535) + 1,
      }),
    )
    publisher.socket.write(Buffer.concat(packets))
  }
  for (let round = 0; round < 20; round++) {
    const subscribers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => subscriberTo(broker, `sub-${index}`, 'v1/#', 1)),
    )
    publish(2_000)
    await held.arrived(sent)
    // What is acknowledged at once is thousands of publishes to show.
    held.acknowledge()
    if (round % 2 === 0) for (const subscriber of subscribers) subscriber.socket.resetAndDestroy()
  }
  await publisher.until(() => publisher.acknowledged().length === sent)
  expect(broker.counts.acknowledged).toBe(40_000)
})

test('a subscriber that unsubscribes is shown nothing more, and may subscribe again', async () => {
  const broker = await acknowledgingBroker()
  const watcher = await subscriberTo(broker, 'watcher', 'v1/#')
  const client = await connectTo(broker)
  watcher.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['v1/#'] })
  await watcher.until(() => watcher.count('unsuback') === 1)
  client.publish('v1/p/m', '1', 1)
  await client.until(() => client.acknowledged().length === 1)
  await watcher.ping()
  expect(watcher.count('publish')).toBe(0)
  watcher.send({ cmd: 'subscribe', messageId: 3, subscriptions: [{ topic: 'v1/+/m', qos: 0 }] })
  await watcher.until(() => watcher.count('suback') === 2)
  client.publish('v1/p/m', '1', 2)
  await watcher.until(() => watcher.count('publish') === 1)
})
