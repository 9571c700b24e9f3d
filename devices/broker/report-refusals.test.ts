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
  await knock('first')
  expect(lines).toEqual(['a client of 127.0.0.1 was refused: it speaks MQTT 5; set it to MQTT 3.1.1'])
  for (let count = 0; count < 10; count++) await knock('again')
  expect(lines).toHaveLength(1)
  clock.advance(minutes(1))
  expect(lines.slice(1)).toEqual([`${lines[0]} (10 within a minute)`])
  clock.advance(minutes(5))
  await knock('later')
  expect(lines).toHaveLength(3)
  expect(broker.counts.refusedVersions).toBe(12)
})

test('a client id that is refused is quoted, whatever it consists of', async () => {
  const { broker, lines } = await watchedBroker()
  const client = await connectTo(broker, 'press\u001b[2J\u202e7')
  await client.until(() => client.closed)
  expect(lines).toEqual([
    'client "press\\u001b[2J\ufffd7" of 127.0.0.1 was refused: its id has control characters, or more than 64 bytes; choose another',
  ])
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
    'client "ESP8266Client" of 127.0.0.1 has the id of a connected client of 127.0.0.1: they disconnect each other; give each an id of its own',
  ])
  expect(broker.counts.sharedClientIds).toBe(5)
})

test('what else is refused is reported with the value and the remedy', async () => {
  const limits = { packetBytes: 1_000, discardBytes: 5_000 }
  const { broker, lines } = await watchedBroker({ limits })
  const client = await connectTo(broker, 'site/area/dev1')
  const subscriptions = [{ topic: '$SYS/#', qos: 0 as const }]
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions })
  client.send({ cmd: 'publish', topic: 'v1/p/status', payload: '1', qos: 0, dup: false, retain: true })
  client.publish('v1/p/image', Buffer.alloc(2_000), 2)
  await client.until(() => client.acknowledged().length === 1)
  client.publish('v1/p/image', Buffer.alloc(9_000), 3)
  await client.until(() => client.closed)
  const other = await connectTo(broker, 'other')
  other.socket.write(Buffer.from([0xc0, 1, 0]))
  await other.until(() => other.closed)
  expect(lines.sort()).toEqual([
    'client "other" of 127.0.0.1 was disconnected for what MQTT 3.1.1 does not allow: a PINGREQ has 1 bytes behind its last field',
    'client "site/area/dev1" of 127.0.0.1 may not subscribe to "$SYS/#": topics that begin with "$" are the broker\'s own',
    'client "site/area/dev1" of 127.0.0.1 published too much on "v1/p/image": the payload of 2000 bytes makes a packet longer than 1000: send less at a time. It is acknowledged, and a dead letter',
    'client "site/area/dev1" of 127.0.0.1 published with the retain flag on "v1/p/status", which is not kept for later subscribers: give --retain a filter for it, or publish without the flag',
    'client "site/area/dev1" of 127.0.0.1 was disconnected: a packet of 9017 bytes is longer than 1000; send less at a time',
  ])
})

test('connections beyond a limit are reported', async () => {
  const { broker, lines } = await watchedBroker({ limits: { connections: 1 } })
  await connectTo(broker, 'press-7')
  const other = await connectTo(broker, 'press-8')
  expect(other.closed).toBe(true)
  expect(lines).toEqual(['a client of 127.0.0.1 was refused: 1 are connected, as many as limits.connections'])
})
