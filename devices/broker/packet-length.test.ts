import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { PacketTooLong, packetLength } from './packet-length.ts'

const publish = (length: number): Buffer =>
  generate({ cmd: 'publish', topic: 't', payload: Buffer.alloc(length), qos: 0, retain: false, dup: false })

test('the length of a packet is known from its header, for every size of that', () => {
  for (const length of [0, 1, 100, 124, 125, 200, 16_379, 16_380, 60_000, 3_000_000]) {
    const bytes = Buffer.concat([Buffer.from([0]), publish(length), Buffer.from([0xc0, 0])])
    expect(packetLength(bytes, 1)).toBe(bytes.length - 3)
    expect(packetLength(bytes.subarray(0, 6), 1)).toBe(bytes.length - 3)
    expect(packetLength(bytes, bytes.length - 2)).toBe(2)
  }
})

test('an incomplete header declares nothing yet', () => {
  const bytes = publish(60_000)
  for (const length of [0, 1, 2, 3]) expect(packetLength(bytes.subarray(0, length), 0)).toBe(0)
})

test('a length in more than 4 bytes is refused', () => {
  const bytes = Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0])
  expect(() => packetLength(bytes, 0)).toThrow(PacketTooLong)
})
