import { once } from 'node:events'
import { connect } from 'node:net'
import { generate, type IConnectPacket } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { virtualClock } from '../../lib/testing/virtual-clock.ts'
import { hours, seconds } from '../../lib/time/duration.ts'
import { acknowledgingBroker, connectTo, openTestBroker } from '../../test/support/broker-bench.ts'
import { HeldDeliveries } from '../../test/support/held-deliveries.ts'
import { connectOf, RawMqtt } from '../../test/support/raw-mqtt.ts'

test('20 sockets that declare 256 MB and send 20 MB each are closed before they cost memory', async () => {
  const broker = await acknowledgingBroker()
  const chunk = Buffer.alloc(65_536)
  const before = process.memoryUsage().rss
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const client = await RawMqtt.open(broker.address.port)
      client.socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]))
      for (let sent = 0; sent < 20e6 && !client.closed; sent += chunk.length)
        if (!client.socket.write(chunk))
          await new Promise((resolve) => client.socket.once('drain', resolve).once('close', resolve))
      await client.until(() => client.closed)
    }),
  )
  expect(process.memoryUsage().rss - before).toBeLessThan(60e6)
})

test('a length in five bytes closes the connection', async () => {
  const broker = await acknowledgingBroker()
  const client = await RawMqtt.open(broker.address.port)
  client.socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01]))
  await client.until(() => client.closed)
})

test('a packet of the longest size that trickles in byte by byte is read', async () => {
  const broker = await acknowledgingBroker({ limits: { packetBytes: 4_096 } })
  const client = await connectTo(broker, 'slow')
  const bytes = generate({
    cmd: 'publish',
    topic: 'v1/p/m',
    payload: Buffer.alloc(4_083, '1'),
    qos: 1,
    messageId: 1,
    retain: false,
    dup: false,
  })
  expect(bytes.length).toBe(4_096)
  for (const byte of bytes) client.socket.write(Buffer.from([byte]))
  await client.until(() => client.acknowledged().length === 1)
  client.publish('v1/p/m', Buffer.alloc(4_084, '1'), 2)
  await client.until(() => client.acknowledged().length === 2)
  expect(broker.counts).toMatchObject({ acknowledged: 2, oversizePublishes: 1 })
})

test('who says nothing is closed, and does not keep others waiting', async () => {
  const broker = await acknowledgingBroker({ limits: { connectTimeout: seconds(2) } })
  const silent = await Promise.all(Array.from({ length: 200 }, () => RawMqtt.open(broker.address.port)))
  for (const { socket } of silent) socket.write(Buffer.from([0x10]))
  const honest = await connectTo(broker, 'honest')
  honest.publish('v1/p/m', '1', 1)
  await honest.until(() => honest.acknowledged().length === 1)
  expect(silent.filter(({ closed }) => closed)).toHaveLength(0)
  await Promise.all(silent.map((client) => client.until(() => client.closed)))
  expect(honest.closed).toBe(false)
})

test.each([
  ['a b', {}, 0],
  ['site/area/dev1', {}, 0],
  ['Fräse {2} @ Halle #1+', {}, 0],
  ['ü'.repeat(32), {}, 0],
  ['ü'.repeat(33), {}, 2],
  ['x'.repeat(65), {}, 2],
  ['line\nbreak', {}, 2],
  ['*', {}, 0],
  ['', { clean: false }, 2],
  ['', {}, 0],
  ['x'.repeat(64), {}, 0],
  ['press-7', { clean: false }, 0],
  ['press-7', { protocolVersion: 5 }, 1],
  ['press-7', { protocolVersion: 3, protocolId: 'MQIsdp' }, 0],
])('the client id %j with %j is answered with %i', async (clientId, more, returnCode) => {
  const broker = await acknowledgingBroker()
  const client = await RawMqtt.open(broker.address.port)
  const connack = once(client.socket, 'data')
  // Written by hand where the library would refuse to.
  let bytes = generate(connectOf(clientId || 'x', more as Partial<IConnectPacket>))
  if (clientId === '')
    bytes = Buffer.concat([Buffer.from([0x10, 12]), bytes.subarray(2, 12), Buffer.from([0, 0])])
  client.socket.write(bytes)
  const [answer] = (await connack) as [Buffer]
  expect([...answer]).toEqual([0x20, 2, 0, returnCode])
  if (returnCode !== 0) await client.until(() => client.closed)
  client.close()
})

test('a client without an id of its own has no receipt: it cannot come back as the same', async () => {
  const broker = await openTestBroker()
  const held = new HeldDeliveries(broker.readings)
  const client = await connectTo(broker, '')
  client.publish('v1/p/m', '1', 1)
  await held.arrived(1)
  expect(held.all[0]!.receipt).toBeUndefined()
})

test('publishes right behind the CONNECT are not lost, however many', async () => {
  const broker = await acknowledgingBroker()
  const client = await RawMqtt.open(broker.address.port)
  client.send(connectOf('eager'))
  for (let id = 1; id <= 200; id++) client.publish('v1/p/m', '1', id)
  client.send({ cmd: 'disconnect' })
  client.socket.end()
  await client.until(() => client.closed)
  expect(broker.counts.received).toBe(200)
})

test('500 clients that flood while nothing is acknowledged are held within the limit, and all are served after', async () => {
  const broker = await openTestBroker({ limits: { heldPublishes: 2_000 } })
  const held = new HeldDeliveries(broker.readings)
  const flood = Buffer.concat(
    Array.from({ length: 100 }, (_, index) =>
      generate({
        cmd: 'publish',
        topic: 'v1/p/m',
        payload: '1',
        qos: 1,
        messageId: index + 1,
        retain: false,
        dup: false,
      }),
    ),
  )
  const clients = await Promise.all(
    Array.from({ length: 500 }, (_, index) => connectTo(broker, `flood-${index}`)),
  )
  for (const { socket } of clients) socket.write(flood)
  await held.arrived(2_000)
  const newcomer = await connectTo(broker, 'newcomer')
  await newcomer.ping()
  expect(broker.held).toBe(2_000)
  for (let arrived = 2_000; arrived < 50_000; arrived = held.all.length) {
    held.acknowledge()
    await held.arrived(arrived + 1)
    expect(broker.held).toBeLessThanOrEqual(2_000)
  }
  held.acknowledge()
  await Promise.all(clients.map((client) => client.until(() => client.acknowledged().length === 100)))
  expect(broker.counts).toMatchObject({ received: 50_000, acknowledged: 50_000 })
})

test('one client that floods holds half of what may be held, and keeps no other waiting', async () => {
  const broker = await openTestBroker({ limits: { heldPublishes: 1_000 } })
  const held = new HeldDeliveries(broker.readings)
  const flooding = await connectTo(broker, 'flooding')
  for (let id = 1; id <= 20_000; id++) flooding.publish('v1/p/m', '1', id)
  await held.arrived(500)
  const modest = await connectTo(broker, 'modest')
  expect(broker.held).toBe(500)
  modest.publish('v1/q/m', '1', 1)
  await held.arrived(501)
  held.acknowledge()
  await modest.until(() => modest.acknowledged().length === 1)
})

test('a subscriber that does not read is disconnected, and costs nobody a PUBACK', async () => {
  const broker = await acknowledgingBroker({ limits: { unreadBytes: 200_000 } })
  const frozen = await connectTo(broker, 'frozen')
  frozen.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'v1/#', qos: 0 }] })
  await frozen.until(() => frozen.count('suback') === 1)
  frozen.socket.pause()
  const client = await connectTo(broker, 'busy')
  await client.ping()
  expect(broker.clients).toBe(2)
  const payload = Buffer.alloc(60_000, ' ')
  let id = 0
  while (broker.clients === 2) {
    client.publish('v1/p/m', payload, (id % 60_000) + 1)
    id++
    await client.until(() => client.acknowledged().length === id)
  }
  expect(id).toBeLessThan(500)
})

test('a client silent for longer than its keep-alive is disconnected, one that publishes is not', async () => {
  const broker = await acknowledgingBroker()
  const silent = await connectTo(broker, 'silent', { keepalive: 1 })
  const talking = await connectTo(broker, 'talking', { keepalive: 1 })
  for (let id = 1; !silent.closed; id++) {
    talking.publish('v1/p/m', '1', id)
    await talking.until(() => talking.acknowledged().length === id)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(talking.closed).toBe(false)
})

test('nobody is disconnected because the time of day was set', async () => {
  const clock = virtualClock(Date.UTC(2026, 0, 1))
  const broker = await acknowledgingBroker({ clock })
  const client = await connectTo(broker, 'press-7', { keepalive: 60 })
  clock.set(clock.now() + hours(3))
  clock.advance(seconds(30))
  client.publish('v1/p/m', '1', 1)
  await client.until(() => client.acknowledged().length === 1)
  expect(client.closed).toBe(false)
  clock.set(clock.now() - hours(6))
  clock.advance(seconds(100))
  await client.until(() => client.closed)
})

test('device and metric names beyond the limits are dead letters, and known devices go on', async () => {
  const broker = await openTestBroker({
    limits: { newDevicesPerSecond: 0, newDevicesBurst: 3, metricsPerDevice: 2 },
  })
  const held = new HeldDeliveries(broker.readings)
  const client = await connectTo(broker, 'gateway')
  const topics = ['v1/a/m', 'v1/b/m', 'v1/c/m', 'v1/d/m', 'v1/a/n', 'v1/a/o', 'v1/a/m']
  for (const [index, topic] of topics.entries()) client.publish(topic, '1', index + 1)
  await held.arrived(7)
  expect(held.all.map(({ values }) => values.length)).toEqual([1, 1, 1, 0, 1, 0, 1])
  expect(held.all[3]!.asides[0]!.reason).toContain('newDevicesPerSecond')
  expect(held.all[5]!.asides[0]!.reason).toContain('metricsPerDevice')
  expect(broker.counts.beyondLimits).toBe(2)
})

test('a socket that is reset in the middle of a packet leaves nothing behind', async () => {
  const broker = await acknowledgingBroker()
  for (let count = 0; count < 50; count++) {
    const socket = connect({ port: broker.address.port, host: '127.0.0.1' })
    await once(socket, 'connect')
    socket.write(generate(connectOf(`r${count}`)))
    await once(socket, 'data')
    socket.write(Buffer.from([0x32, 100, 0, 5]))
    socket.resetAndDestroy()
  }
  const last = await connectTo(broker, 'last')
  await last.ping()
  for (let tries = 0; broker.clients > 1 && tries < 100; tries++) await last.ping()
  expect(broker.clients).toBe(1)
})
