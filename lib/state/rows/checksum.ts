import { crc32 } from 'node:zlib'

/**
 * CRC-32 (ISO 3309, as zlib computes it) of `bytes` from `start` up to `end`, continued from `seed`.
 * The native one costs a call and a view, which a short row does not repay.
 */
export const checksum = (bytes: Uint8Array, start: number, end: number, seed = 0): number => {
  if (end - start > longestInScript) return crc32(bytes.subarray(start, end), seed)
  let sum = ~seed
  for (let at = start; at < end; at++) {
    sum = (remainders[(sum ^ (bytes[at] as number)) & 0xff] as number) ^ (sum >>> 8)
  }
  return ~sum >>> 0
}

const longestInScript = 128

const remainders = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0)
  return remainder
})
