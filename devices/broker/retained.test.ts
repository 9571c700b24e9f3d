import { afterEach, expect, test } from 'vitest'
import { HeldDeliveries } from '../../test/support/held-deliveries.ts'
import { RawMqtt } from '../../test/support/raw-mqtt.ts'
import { type Broker, type BrokerOptions, openBroker } from './open-broker.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const open = async (options: BrokerOptions = {}): Promise<Broker> => {
  const broker = await openBroker({ port: 0, retain: ['v1/+/status', 'config/#'], ...options })
  closing.push(() => broker.close(0))
  return broker
}
const acknowledging = async (options: BrokerOptions = {}): Promise<Broker> => {
  const broker = await open(options)
  broker.readings.subscribe(({ duty }) => setImmediate(() => duty.ack()))
  return broker
}
const client = async (broker: Broker, id: string, more = {}): Promise<RawMqtt> => {
  const connected = await RawMqtt.connect(broker.address.port, id, more)
  closing.push(async () => connected.close())
  return connected
}

let messageId = 0
/** Publishes with the retain flag, and resolves when that is done with. */
const retain = async (by: RawMqtt, topic: string, payload: string, qos: 1 | 2 = 1): Promise<void> => {
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
  const subscriber = await client(broker, `subscriber-${++messageId}`)
  subscriber.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 0 }] })
  await subscriber.until(() => subscriber.count('suback') === 1)
  await subscriber.ping()
  await subscriber.ping()
  return subscriber.packets.flatMap((packet) =>
    packet.cmd === 'publish' ? [`${packet.topic} ${packet.payload}${packet.retain ? ' retained' : ''}`] : [],
  )
}

test('the newest retained message of an allowed topic is shown to who subscribes later, of others none', async () => {
  const broker = await acknowledging()
  const device = await client(broker, 'press-7')
  await retain(device, 'v1/press-7/status', 'off')
  await retain(device, 'v1/press-7/status', 'on')
  await retain(device, 'config/press-7/limit', '80', 2)
  await retain(device, 'v1/press-7/temperature', '71.4')
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
  const broker = await acknowledging()
  const device = await client(broker, 'press-7')
  const early = await client(broker, 'early')
  early.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'v1/#', qos: 0 }] })
  await early.until(() => early.count('suback') === 1)
  await retain(device, 'v1/press-7/status', 'on')
  await early.until(() => early.count('publish') === 1)
  expect(early.packets.at(-1)).toMatchObject({ topic: 'v1/press-7/status', retain: false })
  await retain(device, 'v1/press-7/status', '')
  expect(await shown(broker, 'v1/#')).toEqual([])
})

test('nothing is shown that is not durable', async () => {
  const broker = await open()
  const held = new HeldDeliveries(broker.readings)
  const device = await client(broker, 'press-7')
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
  const broker = await acknowledging()
  const will = { topic: 'v1/press-7/status', payload: Buffer.from('gone'), qos: 1 as const, retain: true }
  const device = await client(broker, 'press-7', { will })
  device.close()
  const other = await client(broker, 'other')
  while (broker.counts.acknowledged === 0) await other.ping()
  expect(await shown(broker, 'v1/+/status')).toEqual(['v1/press-7/status gone retained'])
})

test('what is kept is bounded in number and bytes; the topics that are there go on', async () => {
  const broker = await acknowledging({ limits: { retainedMessages: 2, retainedBytes: 10 } })
  const device = await client(broker, 'press-7')
  await retain(device, 'config/a', '1234')
  await retain(device, 'config/b', '123456')
  await retain(device, 'config/c', '1')
  await retain(device, 'config/a', '12345')
  expect(broker.counts.retainDropped).toBe(2)
  await retain(device, 'config/b', '1')
  await retain(device, 'config/a', '123456789')
  await retain(device, 'config/b', '')
  await retain(device, 'config/c', '2')
  expect(await shown(broker, 'config/#')).toEqual(['config/a 123456789 retained', 'config/c 2 retained'])
})

test('what is no topic filter is refused when the broker is opened', async () => {
  await expect(openBroker({ port: 0, retain: ['v1/#/status'] })).rejects.toThrow(
    'retain: "v1/#/status" is no topic filter',
  )
})
