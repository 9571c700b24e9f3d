import { generate, type Packet } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { randomFrom } from '../../lib/statistics/random.ts'
import { connectOf, RawMqtt } from '../../test/support/raw-mqtt.ts'
import { openBroker } from './open-broker.ts'

test('20,000 packets, one in eight of them damaged, leave the broker alive and without clients', async () => {
  const broker = await openBroker({ port: 0 })
  broker.readings.subscribe(({ duty }) => setImmediate(() => duty.ack()))
  const random = randomFrom(20)
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)]!
  const ordinary = [
    'v1/p/m',
    'v1/p',
    'elsewhere',
    '$SYS/x',
    'a'.repeat(300),
    '/'.repeat(90),
    '\0',
    '\u{1f600}',
  ]
  const topics = [...ordinary, ...ordinary, '', '+/x', '#', '/'.repeat(200)]
  const connectAgain = connectOf('again')
  const packet = (): Packet => {
    const messageId = 1 + random.below(50)
    if (random.below(20) === 0) return pick<Packet>([{ cmd: 'disconnect' }, connectAgain])
    const publish: Packet = {
      cmd: 'publish',
      topic: pick(topics),
      payload: pick(['1', '', '{"a":1}', '\0\xff']),
      qos: pick([0, 1, 2] as const),
      messageId,
      retain: random.uniform() < 0.2,
      dup: random.uniform() < 0.2,
    }
    return pick<Packet>([
      ...Array<Packet>(10).fill(publish),
      {
        cmd: 'subscribe',
        messageId,
        subscriptions: [{ topic: pick(topics) || 'x', qos: pick([0, 1, 2] as const) }],
      },
      { cmd: 'unsubscribe', messageId, unsubscriptions: [pick(topics) || 'x'] },
      { cmd: 'pubrel', messageId },
      { cmd: 'puback', messageId },
      { cmd: 'pubrec', messageId },
      { cmd: 'pingreq' },
    ])
  }
  const damaged = (bytes: Buffer): Buffer => {
    for (let times = 1 + random.below(4); times > 0; times--)
      bytes[random.below(bytes.length)] = random.below(256)
    return random.uniform() < 0.2 ? bytes.subarray(0, random.below(bytes.length)) : bytes
  }
  for (let sent = 0; sent < 20_000; ) {
    const bytes: Buffer[] = []
    for (let count = 0; count < 10; count++, sent++) {
      try {
        const whole = generate(packet())
        bytes.push(random.below(8) === 0 ? damaged(whole) : whole)
      } catch {
        // The library refuses to write this one.
      }
    }
    const connected = random.uniform() < 0.9
    const client = connected
      ? await RawMqtt.connect(broker.address.port, pick(['a', 'b', 'c']))
      : await RawMqtt.open(broker.address.port)
    client.socket.end(Buffer.concat(bytes))
    client.socket.resume()
    await client.until(() => client.closed)
  }
  const honest = await RawMqtt.connect(broker.address.port, 'honest')
  honest.publish('v1/p/m', '1', 1)
  await honest.until(() => honest.acknowledged().length === 1)
  expect(broker.clients).toBe(1)
  expect(broker.held).toBe(0)
  expect(broker.counts.received).toBeGreaterThan(2_000)
  await broker.close(0)
})
