import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { PacketTooLong, packetEnd } from './packet-end.ts'

const publish = (length: number): Buffer =>
  generate({ cmd: 'publish', topic: 't', payload: Buffer.alloc(length), qos: 0, retain: false, dup: false })

test('the end of a packet is known once all of it is there, for every size of its header', () => {
  for (const length of [0, 1, 100, 124, 125, 200, 16_379, 16_380, 60_000]) {
    const bytes = Buffer.concat([Buffer.from([0]), publish(length), Buffer.from([0xc0, 0])])
    expect(packetEnd(bytes, 1, 65_536)).toBe(bytes.length - 2)
    expect(packetEnd(bytes.subarray(0, bytes.length - 3), 1, 65_536)).toBe(-1)
    expect(packetEnd(bytes, bytes.length - 2, 65_536)).toBe(bytes.length)
  }
})

test('a packet that is too long is refused by its header alone', () => {
  expect(() => packetEnd(publish(100).subarray(0, 2), 0, 100)).toThrow(PacketTooLong)
  expect(packetEnd(publish(95), 0, 100)).toBe(100)
  expect(() => packetEnd(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0]), 0, 100)).toThrow('more than 4 bytes')
})
