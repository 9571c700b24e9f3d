import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { acknowledgingBroker, connectTo, openTestBroker } from '../../test/support/broker-bench.ts'
import { HeldDeliveries } from '../../test/support/held-deliveries.ts'
import { connectOf, RawMqtt } from '../../test/support/raw-mqtt.ts'

test('a publish that is too long is acknowledged, a dead letter, and in the way of none behind it', async () => {
  const broker = await openTestBroker()
  const held = new HeldDeliveries(broker.readings)
  const client = await connectTo(broker, 'cam-2')
  client.publish('v1/cam-2/temperature', '1', 1)
  client.publish('v1/cam-2/image', Buffer.alloc(70_000, 'x'), 2)
  client.publish('v1/cam-2/temperature', '2', 3)
  client.publish('v1/cam-2/image', Buffer.alloc(900_000, 'y'), 4, { qos: 2 })
  client.publish('v1/cam-2/image', Buffer.alloc(90_000, 'z'))
  client.publish('v1/cam-2/temperature', '3', 5)
  await held.arrived(6)
  expect(client.count('puback')).toBe(0)
  held.acknowledge()
  await client.until(() => client.acknowledged().length === 4 && client.count('pubrec') === 1)
  expect(client.acknowledged()).toEqual([1, 2, 3, 5])
  expect(held.all.flatMap(({ values }) => values.map(({ value }) => value))).toEqual([1, 2, 3])
  // The second one of the topic has the same kind of fault.
  expect(held.all.flatMap(({ asides }) => asides)).toEqual([
    {
      tag: 'dead',
      reason:
        'the payload of 70000 bytes makes a packet longer than 65536: send less in one publish, or raise packetBytes',
      value: {
        topic: 'v1/cam-2/image',
        payload: Buffer.alloc(1_024, 'x').toString('base64'),
        payloadBytes: 70_000,
        isCut: true,
        client: 'cam-2',
      },
    },
  ])
  expect(held.all[1]!.receipt).toMatchObject({ sender: 'cam-2', number: 2 })
  expect(broker.counts).toMatchObject({ received: 6, acknowledged: 6, oversizePublishes: 3, badTopic: 0 })
})

test('one right behind the CONNECT is acknowledged too', async () => {
  const broker = await acknowledgingBroker({ limits: { packetBytes: 1_000 } })
  const client = await RawMqtt.open(broker.address.port)
  client.socket.cork()
  client.send(connectOf('eager'))
  client.publish('v1/p/m', Buffer.alloc(2_000), 1)
  client.socket.uncork()
  await client.until(() => client.closed || client.acknowledged().length === 1)
  expect(client.closed).toBe(false)
})

test('it is dropped as it arrives, in pieces of any size, and costs no memory', async () => {
  const broker = await acknowledgingBroker()
  const clients = await Promise.all(Array.from({ length: 20 }, (_, n) => connectTo(broker, `cam-${n}`)))
  const payload = Buffer.alloc(15e6)
  const packet = generate({
    ...{ cmd: 'publish', topic: 'v1/cam/image', payload, qos: 1, messageId: 7, dup: false, retain: false },
  })
  const before = process.memoryUsage().rss
  for (let start = 0, size = 1; start < packet.length; start += size, size = Math.min(2 * size, 131_072)) {
    const piece = packet.subarray(start, start + size)
    await Promise.all(
      clients.map(({ socket }) => new Promise((resolve) => socket.write(piece, () => resolve(undefined)))),
    )
  }
  for (const client of clients) await client.until(() => client.acknowledged().length === 1 || client.closed)
  expect(clients.every(({ closed }) => !closed)).toBe(true)
  expect(process.memoryUsage().rss - before).toBeLessThan(150e6)
})

test('any other packet that is too long closes the connection, and so does a publish before the CONNECT', async () => {
  const broker = await acknowledgingBroker({ limits: { packetBytes: 1_000 } })
  const early = await RawMqtt.open(broker.address.port)
  early.publish('v1/p/m', Buffer.alloc(5_000), 1)
  await early.until(() => early.closed)
  const other = await connectTo(broker, 'other')
  other.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'x'.repeat(2_000), qos: 0 }] })
  await other.until(() => other.closed)
  expect(broker.counts).toMatchObject({ packetsTooLong: 2, received: 0 })
})

test('subscribers are not shown it, and it is not kept as a retained message', async () => {
  const broker = await acknowledgingBroker({ retain: ['v1/#'], limits: { packetBytes: 1_000 } })
  const watcher = await connectTo(broker, 'watcher')
  const subscribe = { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '#', qos: 0 }] } as const
  watcher.send({ ...subscribe, subscriptions: [...subscribe.subscriptions] })
  await watcher.until(() => watcher.count('suback') === 1)
  const client = await connectTo(broker, 'cam')
  const publish = { cmd: 'publish', topic: 'v1/p/m', qos: 1, dup: false, retain: true } as const
  client.send({ ...publish, payload: Buffer.alloc(2_000), messageId: 1 })
  client.send({ ...publish, payload: '1', messageId: 2 })
  await watcher.until(() => watcher.count('publish') > 0)
  expect(watcher.packets.find(({ cmd }) => cmd === 'publish')).toMatchObject({ payload: Buffer.from('1') })
})

test('an oversize publish that breaks the protocol closes the connection', async () => {
  const broker = await acknowledgingBroker({ limits: { packetBytes: 1_000 } })
  const client = await connectTo(broker)
  client.socket.write(Buffer.concat([Buffer.from([0x32, 0xd0, 0x0f, 0, 1, 0x23, 0, 1]), Buffer.alloc(2_000)]))
  await client.until(() => client.closed)
  expect(broker.counts).toMatchObject({ protocolViolations: 1, received: 0 })
})
