import { checksum } from './checksum.ts'

/**
 * A stored value ends in four bytes: the CRC-32 of the database's name, the key and the value, big-endian.
 * The key belongs to it, so that a row found under another's name is noticed too.
 */
export const frameBytes = 4

/** The part of every checksum in the database `name` that never changes. */
export const checksumSeed = (name: string): number => {
  const bytes = Buffer.from(name)
  return checksum(bytes, 0, bytes.length)
}

/** The value without its frame. Throws `StoreDamaged` when its checksum is not that of the bytes read. */
export const openFrame = (name: string, seed: number, key: Uint8Array, framed: Uint8Array): Uint8Array => {
  const end = framed.length - frameBytes
  if (end >= 0) {
    const sum = checksum(framed, 0, end, checksum(key, 0, key.length, seed))
    const stored = ((framed[end] as number) << 24) | lowBytes(framed, end)
    if (sum === stored >>> 0) return framed.subarray(0, end)
  }
  throw new StoreDamaged(
    `The ${name} row with key ${printable(key)} fails its checksum: its ${framed.length} bytes are not the ` +
      'ones that were written. Check the disk, then restore the data folder from a backup, or move it away ' +
      'to begin with an empty store.',
  )
}

const lowBytes = (framed: Uint8Array, at: number): number =>
  ((framed[at + 1] as number) << 16) | ((framed[at + 2] as number) << 8) | (framed[at + 3] as number)

/** A key as a person can read it: printable ASCII as it is, every other byte as \xNN. */
export const printable = (key: Uint8Array): string => {
  let text = ''
  for (const byte of key.subarray(0, 120)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x5c
    text += plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return `"${text}${key.length > 120 ? '…' : ''}"`
}

/** What is on the disk is not what was written. Names the database, the key and what to do. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
}
