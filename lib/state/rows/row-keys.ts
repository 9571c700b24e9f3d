import type { OutboxKey } from '../store.ts'
import { maxBytesPerUnit, readText, writeText } from './key-text.ts'

/** LMDB's limit with pages of 4,096 bytes. */
export const maxKeyBytes = 1_978

/**
 * The keys of each database. A name ends in the byte 00, which no name contains, so that no actor's range
 * can hold a row of another's. Numbers are big-endian, so that bytes sort as numbers do.
 *
 * states: stage 00 group actor 00, and for a step: step 00 subkey · due: stage 00 clock time group actor
 * journal: position · outbox: sink 00 position index · notes: name 00
 */
export const writeOutboxKey = (
  target: Uint8Array,
  start: number,
  sink: string,
  { position, index }: OutboxKey,
): number => {
  let at = writeName(sink, target, start)
  at = writePosition(position, target, at)
  at = writeWord(index, target, at)
  if (at - start > maxKeyBytes) throw new KeyTooLong(at - start, `sink "${sink}"`)
  return at
}

export const outboxKeyBound = (sink: string): number => maxBytesPerUnit * sink.length + 13

export const writePosition = (position: number, target: Uint8Array, start: number): number => {
  if (!Number.isSafeInteger(position) || position < 0) {
    throw new RangeError(`position: ${position} is not a whole number from 0 to 2^53 - 1`)
  }
  let at = start
  for (const word of [Math.floor(position / 2 ** 32), position]) at = writeWord(word, target, at)
  return at
}

/** The lowest 32 bits of a whole number. */
export const writeWord = (word: number, target: Uint8Array, start: number): number => {
  target[start] = word >>> 24
  target[start + 1] = word >>> 16
  target[start + 2] = word >>> 8
  target[start + 3] = word
  return start + 4
}

export const writeName = (name: string, target: Uint8Array, start: number): number => {
  const end = writeText(name, target, start)
  target[end] = 0
  return end + 1
}

/** The keys that begin with `name`, as a half-open range. */
export const rangeOf = (name: string): { readonly start: Buffer; readonly end: Buffer } => {
  const bytes = Buffer.allocUnsafe(maxBytesPerUnit * name.length + 1)
  const start = bytes.subarray(0, writeName(name, bytes, 0))
  const end = Buffer.from(start)
  end[end.length - 1] = 1
  return { start, end }
}

export const noteKey = (name: string): Buffer => {
  const { start } = rangeOf(name)
  if (start.length > maxKeyBytes) throw new KeyTooLong(start.length, `note "${name}"`)
  return start
}

export const journalKey = (position: number): Buffer => {
  const key = Buffer.allocUnsafe(8)
  writePosition(position, key, 0)
  return key
}

export const outboxKey = (sink: string, at: OutboxKey): Buffer => {
  const key = Buffer.allocUnsafe(outboxKeyBound(sink))
  return key.subarray(0, writeOutboxKey(key, 0, sink, at))
}

export const readPosition = (key: Uint8Array, at: number): number => {
  const view = new DataView(key.buffer, key.byteOffset + at, 8)
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4)
}

export const readOutboxKey = (key: Uint8Array): OutboxKey => {
  const view = new DataView(key.buffer, key.byteOffset + key.length - 4, 4)
  return { position: readPosition(key, key.length - 12), index: view.getUint32(0) }
}

/** Name that begins at `start`, and where the next part begins. */
export const readName = (
  key: Uint8Array,
  start: number,
): { readonly name: string; readonly next: number } => {
  const end = key.indexOf(0, start)
  return { name: readText(key, start, end), next: end + 1 }
}

/** Negative when `one` comes before `other`, 0 when they are the same row. */
export const compareOutboxKeys = (one: OutboxKey, other: OutboxKey): number =>
  one.position - other.position || one.index - other.index

/** A name chosen outside is too long to be a key. */
export class KeyTooLong extends RangeError {
  override readonly name = 'KeyTooLong'

  constructor(bytes: number, what: string) {
    const shown = what.length > 200 ? `${what.slice(0, 200)}…` : what
    super(
      `key of ${shown}: ${bytes} bytes, and a store holds at most ${maxKeyBytes}; shorten the names it is made of`,
    )
  }
}
