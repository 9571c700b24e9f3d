import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { json } from '../formats/json.ts'
import { brokerLimits } from './limits.ts'
import { readPublish } from './publish.ts'
import { TopicBook } from './topic-book.ts'

test('a PUBLISH is read as it was written, wherever it stands', () => {
  const level = fc
    .string({ minLength: 1, maxLength: 100, unit: 'grapheme' })
    .filter((text) => !/[+#\0]/.test(text))
  fc.assert(
    fc.property(
      level,
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(0 as const, 1 as const, 2 as const),
      fc.integer({ min: 1, max: 65_535 }),
      fc.boolean(),
      fc.boolean(),
      (topic, payload, qos, messageId, retain, dup) => {
        const packet = {
          cmd: 'publish',
          topic,
          payload: Buffer.from(payload),
          qos,
          retain,
          dup: dup && qos > 0,
        } as const
        const bytes = generate({ ...packet, messageId })
        const read = readPublish(
          Buffer.concat([Buffer.from([9]), bytes, Buffer.from([9])]),
          1,
          1 + bytes.length,
          new TopicBook(json(), brokerLimits),
        )
        expect(read).toMatchObject({
          topic: { name: topic },
          qos,
          retain,
          dup: packet.dup,
          messageId: qos === 0 ? undefined : messageId,
        })
        expect(Buffer.from(read!.payload)).toEqual(Buffer.from(payload))
      },
    ),
  )
})

test('what breaks the protocol is not read', () => {
  const left = [
    [0x36, 6, 0, 1, 0x61, 0, 1, 0x31], // QoS 3
    [0x38, 4, 0, 1, 0x61, 0x31], // DUP with QoS 0
    [0x30, 2, 0, 0], // an empty topic
    [0x30, 3, 0, 1, 0], // U+0000
    [0x30, 3, 0, 1, 0xc3], // half a character
    [0x30, 3, 0, 1, 0x23], // a wildcard
    [0x30, 3, 0, 9, 0x61], // a topic longer than the packet
    [0x32, 4, 0, 1, 0x61, 0], // half a message id
    [0x32, 5, 0, 1, 0x61, 0, 0], // message id 0
    [0x30, 1, 0], // half a length
    [0x30, 0],
    [0xc0, 0],
  ]
  for (const bytes of left)
    expect(
      readPublish(Buffer.from(bytes), 0, bytes.length, new TopicBook(json(), brokerLimits)),
      String(bytes),
    ).toBeUndefined()
})
