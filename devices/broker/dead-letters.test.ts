import { expect, test } from 'vitest'
import { virtualClock } from '../../lib/testing/virtual-clock.ts'
import { minutes } from '../../lib/time/duration.ts'
import { connectTo, openTestBroker } from '../../test/support/broker-bench.ts'
import { HeldDeliveries } from '../../test/support/held-deliveries.ts'
import type { RawMqtt } from '../../test/support/raw-mqtt.ts'
import type { DeadLetter } from '../wire/dead-letter.ts'
import type { Reading } from '../wire/reading.ts'

const watchedBroker = async () => {
  const clock = virtualClock(Date.UTC(2026, 0, 5))
  const broker = await openTestBroker({ clock })
  const held = new HeldDeliveries<Reading>(broker.readings)
  const client = await connectTo(broker, 'gateway')
  const letters = () =>
    held.all.flatMap(({ asides }) =>
      asides.map(({ reason, value }) => ({ reason, ...(value as DeadLetter) })),
    )
  return { clock, broker, held, client, letters }
}

const publishAll = async (
  client: RawMqtt,
  held: HeldDeliveries<Reading>,
  publishes: [string, string | Buffer][],
) => {
  const before = held.all.length
  for (const [index, [topic, payload]] of publishes.entries()) client.publish(topic, payload, index + 1)
  await held.arrived(before + publishes.length)
  held.acknowledge()
  await client.until(() => client.acknowledged().length >= publishes.length)
}

test('a text field beside good numbers, 100 times a second, is one dead letter and one a minute', async () => {
  const { clock, held, client, letters } = await watchedBroker()
  const start = clock.now()
  const publishes = Array.from({ length: 600 }, (_, n): [string, string] => [
    'v1/plug-1',
    `{"power":${n},"state":"on, ${n}"}`,
  ])
  await publishAll(client, held, publishes)
  expect(held.all.flatMap(({ values }) => values)).toHaveLength(600)
  expect(letters()).toHaveLength(1)
  clock.advance(minutes(1))
  expect(letters()[1]).toEqual({
    reason: expect.stringMatching(
      /^599 more publishes with this fault within a minute, the newest: field "state" is "on, 599": send/,
    ),
    topic: 'v1/plug-1',
    device: 'plug-1',
    payload: Buffer.from('{"power":599,"state":"on, 599"}').toString('base64'),
    payloadBytes: 31,
    isCut: false,
    client: 'gateway',
    repeats: { count: 599, since: start },
  })
  clock.advance(minutes(5))
  expect(letters()).toHaveLength(2)
})

test('publishes on bad topics and beyond limits are counted as well', async () => {
  const { clock, held, client, letters } = await watchedBroker()
  const publishes = Array.from({ length: 300 }, (_, n): [string, string] => [
    ['$SYS/x', 'elsewhere', 'v1/p'][n % 3]!,
    JSON.stringify(Object.fromEntries(Array.from({ length: 65 }, (_, metric) => [`m${metric}`, n]))),
  ])
  await publishAll(client, held, publishes)
  expect(letters().map(({ topic }) => topic)).toEqual(['$SYS/x', 'elsewhere', 'v1/p'])
  expect(letters().map(({ device }) => device)).toEqual([undefined, undefined, 'p'])
  clock.advance(minutes(1))
  expect(letters().map(({ repeats }) => repeats?.count)).toEqual([
    undefined,
    undefined,
    undefined,
    99,
    99,
    99,
  ])
})

test('a publish that is sent again is not counted again', async () => {
  const { clock, held, client, letters } = await watchedBroker()
  client.publish('v1/p/m', 'warm', 1)
  client.publish('v1/p/m', 'warm', 1, { dup: true })
  await held.arrived(2)
  held.acknowledge()
  clock.advance(minutes(1))
  expect(letters()).toHaveLength(1)
})

test('a client that invents topics gets no dead letter for each', async () => {
  const { clock, held, client, letters } = await watchedBroker()
  await publishAll(
    client,
    held,
    Array.from({ length: 3_000 }, (_, n): [string, string] => [`made/up/${n}`, '1']),
  )
  expect(letters()).toHaveLength(1_001)
  clock.advance(minutes(1))
  expect(letters().slice(1_001)).toMatchObject([
    {
      reason: expect.stringContaining('1999 more publishes with various faults'),
      topic: 'made/up/2999',
      repeats: { count: 1_999 },
    },
  ])
})

test('of a payload the first kilobyte is kept, with the length of the whole', async () => {
  const { held, client, letters } = await watchedBroker()
  await publishAll(client, held, [['v1/cam-1', Buffer.alloc(60_000, 'x')]])
  expect(letters()).toMatchObject([
    { payload: Buffer.alloc(1_024, 'x').toString('base64'), payloadBytes: 60_000, isCut: true },
  ])
})

test('closing delivers what has been counted', async () => {
  const { broker, held, client, letters } = await watchedBroker()
  await publishAll(client, held, [
    ['v1/p/m', 'warm'],
    ['v1/p/m', 'warmer'],
    ['v1/p/m', 'hot'],
  ])
  const closed = broker.close()
  await closed
  expect(letters()[1]).toMatchObject({ repeats: { count: 2 }, reason: expect.stringContaining('"hot"') })
  expect(held.completed).toBe(true)
})
