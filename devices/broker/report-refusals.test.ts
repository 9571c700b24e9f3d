import { expect, test } from 'vitest'
import { virtualClock } from '../../lib/testing/virtual-clock.ts'
import { minutes, seconds } from '../../lib/time/duration.ts'
import { connectTo, openTestBroker } from '../../test/support/broker-bench.ts'
import type { BrokerOptions } from './open-broker.ts'
import { reportRefusals } from './report-refusals.ts'

const watchedBroker = async (options: BrokerOptions = {}) => {
  const clock = virtualClock(0)
  const broker = await openTestBroker({ clock, ...options })
  broker.readings.subscribe(({ duty }) => setImmediate(() => duty.ack()))
  const lines: string[] = []
  reportRefusals(broker.refusals, clock, (line) => lines.push(line))
  return { clock, broker, lines }
}

test('a client of MQTT 5 is reported at once, and more of them once a minute', async () => {
  const { clock, broker, lines } = await watchedBroker()
  const knock = async (clientId: string) => {
    const client = await connectTo(broker, clientId, { protocolVersion: 5 })
    await client.until(() => client.closed)
  }
  const sentence = 'a client of 127.0.0.1 was refused: it speaks MQTT 5; set it to MQTT 3.1.1'
  await knock('first')
  expect(lines).toEqual([`${sentence} (1 since the start)`])
  for (let count = 0; count < 10; count++) await knock('again')
  expect(lines).toHaveLength(1)
  clock.advance(minutes(1))
  expect(lines.slice(1)).toEqual([`${sentence} (10 within a minute, 11 since the start)`])
  clock.advance(minutes(5))
  await knock('later')
  expect(lines.slice(2)).toEqual([`${sentence} (12 since the start)`])
  expect(broker.counts.refusedVersions).toBe(12)
})

test('what was counted is reported when the broker is closed', async () => {
  const { broker, lines } = await watchedBroker()
  for (const clientId of ['a', 'b']) {
    const client = await connectTo(broker, clientId, { protocolVersion: 5 })
    await client.until(() => client.closed)
  }
  expect(lines).toHaveLength(1)
  await broker.close(0)
  expect(lines[1]).toMatch(/\(1 within a minute, 2 since the start\)$/)
})

test('a client id that is refused is quoted, whatever it consists of', async () => {
  const { broker, lines } = await watchedBroker()
  const client = await connectTo(broker, 'press\u001b[2J\u202e7')
  await client.until(() => client.closed)
  expect(lines).toEqual([
    'client "press\\u001b[2J\ufffd7" of 127.0.0.1 was refused: its client id has control characters, or more than 64 bytes; choose another (1 since the start)',
  ])
  expect(broker.counts.refusedClientIds).toBe(1)
})

test('two clients with one id are reported, one that comes back is not', async () => {
  const { clock, broker, lines } = await watchedBroker()
  for (let count = 0; count < 5; count++) {
    await connectTo(broker, 'comes-back')
    clock.advance(seconds(40))
  }
  expect(lines).toEqual([])
  for (let count = 0; count < 8; count++) await connectTo(broker, 'ESP8266Client')
  expect(lines).toEqual([
    'client "ESP8266Client" of 127.0.0.1 has the id of another client, of 127.0.0.1: each disconnects the other; give each an id of its own (1 since the start)',
  ])
  expect(broker.counts.sharedClientIds).toBe(5)
})

test('what else is refused is reported with the value and the remedy', async () => {
  const { broker, lines } = await watchedBroker({ limits: { packetBytes: 1_000 } })
  const client = await connectTo(broker, 'site/area/dev1')
  const subscriptions = [{ topic: '$SYS/#', qos: 0 as const }]
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions })
  await client.until(() => client.count('suback') === 1)
  client.publish('v1/p/image', Buffer.alloc(2_000), 2)
  await client.until(() => client.acknowledged().length === 1)
  client.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['x'.repeat(1_000)] })
  await client.until(() => client.closed)
  const other = await connectTo(broker, 'other')
  other.socket.write(Buffer.from([0xc0, 1, 0]))
  await other.until(() => other.closed)
  expect(lines).toEqual([
    'client "site/area/dev1" of 127.0.0.1 may not subscribe to "$SYS/#": topics that begin with "$" are the broker\'s own; name others (1 since the start)',
    'client "site/area/dev1" of 127.0.0.1 published "v1/p/image" with a fault: the payload of 2000 bytes makes a packet longer than 1000: send less in one publish, or raise packetBytes (1 since the start)',
    'client "site/area/dev1" of 127.0.0.1 was disconnected: a packet of 1007 bytes is longer than 1000; send less in one packet, or raise limits.packetBytes (1 since the start)',
    'client "other" of 127.0.0.1 was disconnected: a PINGREQ has 1 bytes behind its last field, which MQTT 3.1.1 does not allow; update or mend the client (1 since the start)',
  ])
})

test('a client that does not read what it is sent is reported', async () => {
  const { broker, lines } = await watchedBroker({ limits: { unreadBytes: 100_000 } })
  const watcher = await connectTo(broker, 'watcher')
  watcher.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '#', qos: 0 }] })
  await watcher.until(() => watcher.count('suback') === 1)
  watcher.socket.pause()
  const publisher = await connectTo(broker, 'publisher')
  for (let id = 1; broker.counts.notReading === 0; id++) {
    publisher.publish('v1/p/m', Buffer.alloc(60_000, '1'), id)
    await publisher.until(() => publisher.acknowledged().length === id)
  }
  expect(lines.filter((line) => line.includes('"watcher"'))).toEqual([
    expect.stringMatching(/^client "watcher" of 127.0.0.1 was disconnected: it does not read \d+ bytes that/),
  ])
})

test('connections beyond a limit are reported', async () => {
  const { broker, lines } = await watchedBroker({ limits: { connections: 1 } })
  await connectTo(broker, 'press-7')
  const other = await connectTo(broker, 'press-8')
  await other.until(() => other.closed)
  expect(lines).toEqual([
    'a client of 127.0.0.1 was refused: limits.connections allows 1 clients, and as many are connected; raise it, or connect fewer (1 since the start)',
  ])
})
