import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import mqtt from 'mqtt'
import { expect, test } from 'vitest'
import { randomFrom } from '../../lib/statistics/random.ts'
import { connectTo, openTestBroker } from '../../test/support/broker-bench.ts'
import { HeldDeliveries } from '../../test/support/held-deliveries.ts'
import type { Reading } from '../wire/reading.ts'
import { type Broker, openBroker } from './open-broker.ts'

const run = promisify(execFile)
const hold = (broker: Broker): HeldDeliveries<Reading> => new HeldDeliveries(broker.readings)

test('a PUBACK leaves after ack and not before', async () => {
  const broker = await openTestBroker()
  const held = hold(broker)
  const client = await connectTo(broker)
  client.publish('v1/press-7/temperature', '71.4', 7)
  await held.arrived(1)
  expect(held.all[0]!.values).toMatchObject([{ device: 'press-7', metric: 'temperature', value: 71.4 }])
  await client.ping()
  expect(client.acknowledged()).toEqual([])
  expect(broker.held).toBe(1)
  held.acknowledge()
  await client.until(() => client.acknowledged().length > 0)
  expect(client.acknowledged()).toEqual([7])
  expect(broker.held).toBe(0)
})

test('PUBACKs come in order, readable or not, however the acknowledgements are spread', async () => {
  const broker = await openTestBroker()
  const held = hold(broker)
  const random = randomFrom(1)
  const clients = await Promise.all(['a', 'b', 'c'].map((id) => connectTo(broker, id)))
  const topics = ['v1/p/m', 'v1/p', 'elsewhere', '$SYS/x', 'v1/a/b/c/d/e/f/g/h/i', 'v1/line\nbreak/m']
  for (let id = 1; id <= 500; id++)
    for (const client of clients) client.publish(topics[random.below(topics.length)]!, '1', id)
  for (let acknowledged = 0; acknowledged < 1_500; ) {
    const count = Math.min(1 + random.below(40), 1_500 - acknowledged)
    acknowledged += count
    await held.arrived(acknowledged)
    held.acknowledge(count)
    await new Promise(setImmediate)
  }
  const expected = Array.from({ length: 500 }, (_, index) => index + 1)
  for (const client of clients) {
    await client.until(() => client.acknowledged().length === 500)
    expect(client.acknowledged()).toEqual(expected)
  }
  expect(broker.counts).toMatchObject({ received: 1_500, acknowledged: 1_500 })
})

test('nothing is acknowledged that nobody took', async () => {
  const broker = await openTestBroker()
  const client = await connectTo(broker)
  client.publish('v1/p/m', '1', 1)
  const other = await connectTo(broker, 'other')
  await other.ping()
  expect(broker.counts.received).toBe(0)
  const held = hold(broker)
  await held.arrived(1)
  held.acknowledge()
  await client.until(() => client.acknowledged().length === 1)
})

test('readings has one subscriber, who acknowledges', async () => {
  const broker = await openTestBroker()
  hold(broker)
  expect(hold(broker).error).toMatchObject({ message: expect.stringContaining('share() it') })
})

test('QoS 2 is held too, and sent again it comes with the same receipt, marked as resent', async () => {
  const broker = await openTestBroker()
  const held = hold(broker)
  const client = await connectTo(broker)
  client.publish('v1/p/m', '1', 5, { qos: 2 })
  await held.arrived(1)
  await client.until(() => client.count('connack') === 1)
  expect(client.count('pubrec')).toBe(0)
  held.acknowledge()
  await client.until(() => client.count('pubrec') === 1)
  client.publish('v1/p/m', '1', 5, { qos: 2, dup: true })
  await held.arrived(2)
  held.acknowledge()
  await client.until(() => client.count('pubrec') === 2)
  client.send({ cmd: 'pubrel', messageId: 5 })
  await client.until(() => client.count('pubcomp') === 1)
  const [first, again] = held.all.map(({ receipt }) => receipt)
  expect(again).toEqual({ ...first, resent: true })
  expect(first).toMatchObject({ sender: 'press-7', number: 5, resent: false })
})

test('publishes of different QoS arrive in the order in which they were sent', async () => {
  const broker = await openTestBroker()
  const held = hold(broker)
  const client = await connectTo(broker)
  client.publish('v1/p/m', '1', 1, { qos: 2 })
  client.publish('v1/p/m', '2', 2)
  client.publish('v1/p/m', '3')
  client.publish('v1/p/m', '4', 3, { qos: 2 })
  client.publish('v1/p/m', '5', 4)
  for (let count = 1; count <= 5; count++) {
    await held.arrived(count)
    held.acknowledge()
  }
  expect(held.all.map(({ values }) => values[0]!.value)).toEqual([1, 2, 3, 4, 5])
})

test('a client that takes over its own id resends with the same receipt, and only it is acknowledged', async () => {
  const broker = await openTestBroker()
  const held = hold(broker)
  const before = await connectTo(broker)
  before.publish('v1/p/m', '1', 9)
  await held.arrived(1)
  const after = await connectTo(broker)
  await before.until(() => before.closed)
  after.publish('v1/p/m', '1', 9, { dup: true })
  await held.arrived(2)
  expect(held.all[1]!.receipt).toEqual({ ...held.all[0]!.receipt, resent: true })
  held.acknowledge()
  await after.until(() => after.acknowledged().length === 1)
  await after.ping()
  expect(after.acknowledged()).toEqual([9])
  expect(broker.clients).toBe(1)
})

test('a rejected delivery cuts its client off, unacknowledged', async () => {
  const broker = await openTestBroker()
  const held = hold(broker)
  const client = await connectTo(broker)
  client.publish('v1/p/m', '1', 1)
  await held.arrived(1)
  held.all[0]!.duty.reject?.(new Error('the store is closed'))
  await client.until(() => client.closed)
  expect(client.acknowledged()).toEqual([])
  expect(broker.counts.unacknowledged).toBe(1)
  expect(broker.held).toBe(0)
})

test('what cannot be read is a dead letter with topic, bytes and client, and is acknowledged', async () => {
  const broker = await openTestBroker()
  const held = hold(broker)
  const client = await connectTo(broker)
  client.publish('v1/press-7/temperature', 'warm', 1)
  await held.arrived(1)
  expect(held.all[0]).toMatchObject({
    values: [],
    asides: [
      {
        tag: 'dead',
        value: {
          topic: 'v1/press-7/temperature',
          payload: Buffer.from('warm').toString('base64'),
          client: 'press-7',
        },
        reason: expect.stringContaining('neither a number nor valid JSON'),
      },
    ],
  })
  held.acknowledge()
  await client.until(() => client.acknowledged().length === 1)
})

test('a will is a publish, one on a clean disconnect is none', async () => {
  const broker = await openTestBroker()
  const held = hold(broker)
  const will = { topic: 'v1/press-7/alive', payload: Buffer.from('0'), qos: 1 as const, retain: true }
  const polite = await connectTo(broker, 'polite', { will })
  polite.send({ cmd: 'disconnect' })
  await polite.until(() => polite.closed)
  const lost = await connectTo(broker, 'lost', { will })
  lost.close()
  await held.arrived(1)
  expect(held.all[0]!.values).toMatchObject([{ metric: 'alive', value: 0 }])
  expect(held.all[0]!.receipt).toBeUndefined()
  held.acknowledge()
  expect(broker.counts).toMatchObject({ received: 1, acknowledged: 1, retainDropped: 1 })
})

test('MQTT subscribers on this machine see what is durable, and no topic with control characters', async () => {
  const broker = await openTestBroker()
  const held = hold(broker)
  const watcher = await connectTo(broker, 'watcher')
  watcher.send({
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: [
      { topic: '#', qos: 0 },
      { topic: '$SYS/#', qos: 0 },
    ],
  })
  await watcher.until(() => watcher.count('suback') === 1)
  expect(watcher.packets.at(-1)).toMatchObject({ granted: [0, 128] })
  const client = await connectTo(broker)
  client.publish('v1/p/line\r\nPUB x', '1', 1)
  client.publish('$SYS/x/new/clients', 'watcher', 2)
  client.publish('v1/p/m', '1', 3)
  await held.arrived(3)
  await watcher.ping()
  expect(watcher.count('publish')).toBe(0)
  held.acknowledge()
  await watcher.until(() => watcher.count('publish') === 1)
  await watcher.ping()
  expect(watcher.packets.filter(({ cmd }) => cmd === 'publish')).toMatchObject([
    { topic: 'v1/p/m', retain: false },
  ])
})

test('mosquitto_pub and mqtt.js are served at every QoS', async () => {
  const broker = await openTestBroker()
  broker.readings.subscribe(({ duty }) => setImmediate(() => duty.ack()))
  const { port } = broker.address
  for (const qos of ['0', '1', '2'])
    await run('mosquitto_pub', ['-p', `${port}`, '-q', qos, '-t', 'v1/press-7/temperature', '-m', '71.4'])
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`)
  for (const qos of [0, 1, 2] as const) await client.publishAsync('v1/press-7/temperature', '71.4', { qos })
  await client.publishAsync('v1/press-7', '{"temperature":71.4,"pressure":3}', { qos: 1 })
  await client.endAsync()
  expect(broker.counts).toMatchObject({ received: 7, acknowledged: 7, readings: 8 })
})

test('an address that other machines reach has to be asked for twice', async () => {
  await expect(openBroker({ port: 0, host: '0.0.0.0' })).rejects.toThrow(/host 0\.0\.0\.0.*insecure: true/)
  await openTestBroker({ host: '0.0.0.0', insecure: true })
})

test('closing waits for what is held, acknowledges it, and completes', async () => {
  const broker = await openBroker({ port: 0 })
  const held = hold(broker)
  const client = await connectTo(broker)
  client.publish('v1/p/m', '1', 1)
  await held.arrived(1)
  const closed = broker.close()
  client.publish('v1/p/m', '2', 2)
  await new Promise(setImmediate)
  expect(held.completed).toBe(false)
  held.acknowledge()
  await closed
  await client.until(() => client.closed)
  expect(held.completed).toBe(true)
  expect(client.acknowledged()).toEqual([1])
  expect(broker.clients).toBe(0)
})
