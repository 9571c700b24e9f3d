import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { encodePublish } from './encode-publish.ts'

test('a publish is encoded as mqtt-packet encodes it, at every QoS and length', () => {
  const qoses = fc.constantFrom(0 as const, 1 as const, 2 as const)
  const lengths = fc.oneof(fc.nat(300), fc.constantFrom(16_370, 16_384, 70_000))
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      lengths,
      qoses,
      fc.integer({ min: 1, max: 65_535 }),
      fc.boolean(),
      (topic, length, qos, messageId, retain) => {
        const payload = Buffer.alloc(length, 'x')
        const expected = generate({ cmd: 'publish', topic, payload, qos, messageId, retain, dup: false })
        const encoded = encodePublish({ topic, payload, retain }, qos, qos === 0 ? undefined : messageId)
        expect(encoded.equals(expected)).toBe(true)
      },
    ),
  )
})
