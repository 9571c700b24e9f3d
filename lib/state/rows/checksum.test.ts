import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { checksum } from './checksum.ts'

test('is CRC-32 at every length, also continued', () => {
  expect(checksum(Buffer.from('123456789'), 0, 9)).toBe(0xcbf43926)
  const bytes = Buffer.from(Array.from({ length: 400 }, (_, i) => (i * 89) & 0xff))
  for (let end = 0; end <= bytes.length; end += 7) {
    expect(checksum(bytes, 0, end)).toBe(crc32(bytes.subarray(0, end)))
    expect(checksum(bytes, end, bytes.length, checksum(bytes, 0, end))).toBe(crc32(bytes))
  }
})
