import { expect, test } from 'vitest'
import { acknowledgingBroker, connectTo, openTestBroker } from '../../test/support/broker-bench.ts'
import { HeldDeliveries } from '../../test/support/held-deliveries.ts'
import type { RawMqtt } from '../../test/support/raw-mqtt.ts'
import { type Broker, openBroker } from './open-broker.ts'

const retain = ['v1/+/status', 'config/#']

let messageId = 0
/** Publishes with the retain flag, and resolves when that is done with. */
const publishRetained = async (
  by: RawMqtt,
  topic: string,
  payload: string,
  qos: 1 | 2 = 1,
): Promise<void> => {
  const id = ++messageId
  by.send({ cmd: 'publish', topic, payload, qos, retain: true, dup: false, messageId: id })
  await by.until(() =>
    by.packets.some((packet) => /puback|pubrec/.test(packet.cmd) && packet.messageId === id),
  )
  if (qos === 2) by.send({ cmd: 'pubrel', messageId: id })
  await by.ping()
}

/** What a new subscriber to `filter` is shown at once: topic, payload and whether it was retained. */
const shown = async (broker: Broker, filter: string): Promise<string[]> => {
  const subscriber = await connectTo(broker, `subscriber-${++messageId}`)
  subscriber.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 0 }] })
  await subscriber.until(() => subscriber.count('suback') === 1)
  await subscriber.ping()
  await subscriber.ping()
  return subscriber.packets.flatMap((packet) =>
    packet.cmd === 'publish' ? [`${packet.topic} ${packet.payload}${packet.retain ? ' retained' : ''}`] : [],
  )
}

test('the newest retained message of an allowed topic is shown to who subscribes later, of others none', async () => {
  const broker = await acknowledgingBroker({ retain })
  const device = await connectTo(broker, 'press-7')
  await publishRetained(device, 'v1/press-7/status', 'off')
  await publishRetained(device, 'v1/press-7/status', 'on')
  await publishRetained(device, 'config/press-7/limit', '80', 2)
  await publishRetained(device, 'v1/press-7/temperature', '71.4')
  device.publish('v1/press-8/status', 'never kept', 9)
  await device.ping()
  expect(await shown(broker, '#')).toEqual([
    'v1/press-7/status on retained',
    'config/press-7/limit 80 retained',
  ])
  expect(await shown(broker, 'config/+/limit')).toEqual(['config/press-7/limit 80 retained'])
  expect(await shown(broker, 'v1/press-8/#')).toEqual([])
  expect(broker.counts.retainDropped).toBe(1)
})

test('who has subscribed already sees a publish as any other, and an empty one removes what was kept', async () => {
  const broker = await acknowledgingBroker({ retain })
  const device = await connectTo(broker, 'press-7')
  const early = await connectTo(broker, 'early')
  early.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'v1/#', qos: 0 }] })
  await early.until(() => early.count('suback') === 1)
  await publishRetained(device, 'v1/press-7/status', 'on')
  await early.until(() => early.count('publish') === 1)
  expect(early.packets.at(-1)).toMatchObject({ topic: 'v1/press-7/status', retain: false })
  await publishRetained(device, 'v1/press-7/status', '')
  expect(await shown(broker, 'v1/#')).toEqual([])
})

test('nothing is shown that is not durable', async () => {
  const broker = await openTestBroker({ retain })
  const held = new HeldDeliveries(broker.readings)
  const device = await connectTo(broker, 'press-7')
  device.send({
    ...{ cmd: 'publish', topic: 'v1/press-7/status', payload: 'on', qos: 1 },
    ...{ retain: true, dup: false, messageId: 1 },
  })
  await held.arrived(1)
  expect(await shown(broker, 'v1/#')).toEqual([])
  held.acknowledge()
  await device.until(() => device.acknowledged().length === 1)
  expect(await shown(broker, 'v1/#')).toEqual(['v1/press-7/status on retained'])
})

test('a retained will is kept', async () => {
  const broker = await acknowledgingBroker({ retain })
  const will = { topic: 'v1/press-7/status', payload: Buffer.from('gone'), qos: 1 as const, retain: true }
  const device = await connectTo(broker, 'press-7', { will })
  device.close()
  const other = await connectTo(broker, 'other')
  while (broker.counts.acknowledged === 0) await other.ping()
  expect(await shown(broker, 'v1/+/status')).toEqual(['v1/press-7/status gone retained'])
})

test('what is kept is bounded in number and bytes; the topics that are there go on', async () => {
  const broker = await acknowledgingBroker({ retain, limits: { retainedMessages: 2, retainedBytes: 10 } })
  const device = await connectTo(broker, 'press-7')
  await publishRetained(device, 'config/a', '1234')
  await publishRetained(device, 'config/b', '123456')
  await publishRetained(device, 'config/c', '1')
  await publishRetained(device, 'config/a', '12345')
  expect(broker.counts.retainDropped).toBe(2)
  await publishRetained(device, 'config/b', '1')
  await publishRetained(device, 'config/a', '123456789')
  await publishRetained(device, 'config/b', '')
  await publishRetained(device, 'config/c', '2')
  expect(await shown(broker, 'config/#')).toEqual(['config/a 123456789 retained', 'config/c 2 retained'])
})

test('what is no topic filter is refused when the broker is opened', async () => {
  await expect(openBroker({ port: 0, retain: ['v1/#/status'] })).rejects.toThrow(
    'retain: "v1/#/status" is no topic filter',
  )
})
