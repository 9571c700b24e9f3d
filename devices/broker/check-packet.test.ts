import { expect, test } from 'vitest'
import { acknowledgingBroker, connectTo } from '../../test/support/broker-bench.ts'
import { RawMqtt } from '../../test/support/raw-mqtt.ts'

type Part = string | Buffer | readonly number[]

const bytesOf = (part: Part): Buffer =>
  Buffer.isBuffer(part) ? part : typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)

/** A string as MQTT writes it, behind its length. */
const text = (part: Part): Buffer => {
  const bytes = bytesOf(part)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}

const packet = (header: number, ...parts: Part[]): Buffer => {
  const body = Buffer.concat(parts.map(bytesOf))
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7]
  return Buffer.concat([Buffer.from([header, ...length]), body])
}

const connect = (flags: number, fields: Part[] = [text('press-7')], name = 'MQTT', level = 4): Buffer =>
  packet(0x10, text(name), [level, flags, 0, 0], ...fields)

const clean = 0x02
const will = 0x04
const qosOf = (qos: number): number => qos << 3
const retain = 0x20
const password = 0x40
const user = 0x80
const id1 = [0, 1]
const id0 = [0, 0]

const answersOf = async (port: number, sent: readonly Buffer[]): Promise<string> => {
  const client = await RawMqtt.open(port)
  const received: Buffer[] = []
  client.socket.on('data', (bytes) => received.push(bytes))
  for (const bytes of sent) client.socket.write(bytes)
  // Answered when all before it was allowed; a closed connection otherwise.
  client.socket.write(packet(0xc0))
  await client.until(() => client.count('pingresp') > 0 || client.closed)
  client.close()
  return client.count('pingresp') > 0 ? 'goes on' : `closes ${Buffer.concat(received).toString('hex')}`.trim()
}

test.each([
  ['its first packet is a PUBLISH', [packet(0x32, text('v1/p/m'), id1, '1')], ''],
  ['its first packet is a PINGREQ', [packet(0xc0)], ''],
  ['the protocol has another name', [connect(clean, [text('p')], 'MQTX')], ''],
  ['the protocol level is unknown', [connect(clean, [text('p')], 'MQTT', 6)], '20020001'],
  ['the protocol is MQTT 5', [packet(0x10, text('MQTT'), [5, clean, 0, 0, 0], text('p'))], '20020001'],
  ['the level belongs to another name', [connect(clean, [text('p')], 'MQIsdp', 4)], '20020001'],
  ['CONNECT has header flags', [packet(0x11, text('MQTT'), [4, clean, 0, 0], text('p'))], ''],
  ['the reserved connect flag is set', [connect(clean | 1)], ''],
  ['there is a QoS for a will, and no will', [connect(clean | qosOf(1))], ''],
  ['there is a retain flag for a will, and no will', [connect(clean | retain)], ''],
  ['the will has QoS 3', [connect(clean | will | qosOf(3), [text('p'), text('w'), text('1')])], ''],
  ['the will has no topic', [connect(clean | will, [text('p'), text(''), text('1')])], ''],
  ['the topic of the will has a wildcard', [connect(clean | will, [text('p'), text('a/+'), text('1')])], ''],
  ['there is a password and no user', [connect(clean | password, [text('p'), text('secret')])], ''],
  ['the user name is missing', [connect(clean | user)], ''],
  ['something follows the last field of CONNECT', [connect(clean, [text('p'), [1]])], ''],
  ['the client id is longer than the packet', [connect(clean, [[0, 9, 0x70]])], ''],
  ['the client id is not UTF-8', [connect(clean, [text([0xff])])], ''],
  ['the client id has U+0000', [connect(clean, [text('p\0q')])], ''],
])('a connection closes when %s', async (_, sent, answer) => {
  const broker = await acknowledgingBroker()
  expect(await answersOf(broker.address.port, sent)).toBe(`closes ${answer}`.trim())
})

test.each([
  ['there is a second CONNECT', connect(clean)],
  ['the type is 0', packet(0x00)],
  ['the type is 15', packet(0xf0)],
  ['a server sends this type', packet(0x20, [0, 0])],
  ['PUBLISH has QoS 3', packet(0x36, text('v1/p/m'), id1, '1')],
  ['PUBLISH of QoS 1 has message id 0', packet(0x32, text('v1/p/m'), id0, '1')],
  ['PUBLISH of QoS 2 has message id 0', packet(0x34, text('v1/p/m'), id0, '1')],
  ['PUBLISH of QoS 2 has half a message id', packet(0x34, text('v1/p/m'), [1])],
  ['PUBLISH of QoS 0 has DUP', packet(0x38, text('v1/p/m'), '1')],
  ['PUBLISH has no topic', packet(0x30, text(''), '1')],
  ['the topic has a wildcard', packet(0x32, text('v1/+/m'), id1, '1')],
  ['the topic has U+0000', packet(0x32, text('v1/\0/m'), id1, '1')],
  ['the topic is half a character of UTF-8', packet(0x32, text([0x76, 0xc3]), id1, '1')],
  ['the topic has a surrogate', packet(0x34, text([0x76, 0xed, 0xa0, 0x80]), id1, '1')],
  ['the topic is longer than the packet', packet(0x30, [0, 9, 0x76])],
  ['SUBSCRIBE has message id 0', packet(0x82, id0, text('a'), [0])],
  ['SUBSCRIBE has no filter', packet(0x82, id1)],
  ['SUBSCRIBE has header flags 0', packet(0x80, id1, text('a'), [0])],
  ['SUBSCRIBE wants QoS 3', packet(0x82, id1, text('a'), [3])],
  ['a filter is empty', packet(0x82, id1, text(''), [0])],
  ['a filter is a#', packet(0x82, id1, text('a#'), [0])],
  ['a filter is a+/b', packet(0x82, id1, text('a+/b'), [0])],
  ['a filter is #/a', packet(0x82, id1, text('#/a'), [0])],
  ['UNSUBSCRIBE has message id 0', packet(0xa2, id0, text('a'))],
  ['UNSUBSCRIBE has no filter', packet(0xa2, id1)],
  ['UNSUBSCRIBE has the filter a#', packet(0xa2, id1, text('a#'))],
  ['UNSUBSCRIBE has header flags 0', packet(0xa0, id1, text('a'))],
  ['PUBACK has message id 0', packet(0x40, id0)],
  ['PUBACK has header flags 2', packet(0x42, id1)],
  ['PUBREL has header flags 0', packet(0x60, id1)],
  ['PUBREC has a third byte', packet(0x50, [0, 1, 0])],
  ['PINGREQ has a byte', packet(0xc0, [0])],
  ['DISCONNECT has header flags 1', packet(0xe1)],
])('an accepted connection closes when %s', async (_, sent) => {
  const broker = await acknowledgingBroker()
  expect(await answersOf(broker.address.port, [connect(clean), sent])).toBe('closes 20020000')
  expect(broker.counts.received).toBe(0)
})

test.each([
  ['the CONNECT of MQTT 3.1', [connect(clean, [text('p')], 'MQIsdp', 3)]],
  ['the CONNECT of a bridge', [connect(clean, [text('p')], 'MQTT', 0x84)]],
  [
    'a will, a user name and a password',
    [connect(clean | will | qosOf(2) | retain | user | password, 'pw1us'.split('').map(text))],
  ],
  ['a user name and no password', [connect(clean | user, [text('p'), text('u')])]],
  ['no client id', [connect(clean, [text('')])]],
  ['DUP with QoS 1', [connect(clean), packet(0x3a, text('v1/p/m'), id1, '1')]],
  ['an empty payload', [connect(clean), packet(0x34, text('v1/p/m'), id1)]],
  ['a topic of 90 levels', [connect(clean), packet(0x34, text('/'.repeat(89)), id1, '1')]],
  ['an answer to nothing', [connect(clean), packet(0x40, id1), packet(0x70, id1)]],
])('a connection goes on after %s', async (_, sent) => {
  const broker = await acknowledgingBroker()
  expect(await answersOf(broker.address.port, sent)).toBe('goes on')
})

test('a filter of 10,000 levels is refused with SUBACK 128, and the connection goes on', async () => {
  const broker = await acknowledgingBroker()
  const client = await connectTo(broker)
  const deep = '/'.repeat(9_999)
  client.socket.write(packet(0x82, id1, text(deep), [0], text('v1/+/m'), [1]))
  client.socket.write(packet(0xa2, [0, 2], text(deep)))
  client.publish(deep, '1', 3)
  client.publish(deep, '2', 4, { qos: 2 })
  await client.until(() => client.count('pubrec') === 1 && client.count('suback') === 1)
  expect(client.packets.find(({ cmd }) => cmd === 'suback')).toMatchObject({ granted: [128, 1] })
  expect(client.count('unsuback')).toBe(1)
  expect(client.acknowledged()).toEqual([3])
  expect(broker.counts).toMatchObject({ refusedSubscriptions: 1, badTopic: 2 })
})
