import { checksum } from '../rows/checksum.ts'
import type { JournalRow, OutboxWrite } from '../store.ts'

/** What one commit appends to the journal: all of it is kept, or nothing. */
export interface JournalRecord {
  /** 1 for the first record of a store, and one more for each that follows. */
  readonly sequence: number
  readonly rows: readonly JournalRow[]
  readonly outbox: readonly OutboxWrite[]
  readonly notes: ReadonlyMap<string, Uint8Array>
}

/** A record as it lies in a file. */
export interface PlacedRecord extends JournalRecord {
  /** Offset of its first byte, and of the byte behind its last. */
  readonly start: number
  readonly end: number
}

/**
 * Encodes a record: length of the body and CRC-32 of all that follows it (4 bytes each), sequence (8), then
 * the items of the body. All numbers are big-endian.
 *
 * journal row: 1, position (8), length (4), bytes
 * outbox row: 2, length of the sink's name (2), name, position (8), index (4), length (4), bytes
 * note: 3, length of the name (2), name, length (4), bytes
 */
export const encodeRecord = ({ sequence, rows, outbox, notes }: JournalRecord): Buffer => {
  const bytes = Buffer.allocUnsafe(recordBound(rows, outbox, notes))
  let at = headBytes
  for (const row of rows) {
    at = writeNumber(bytes, row.position, bytes.writeUInt8(rowKind, at))
    at = writeBytes(bytes, row.bytes, at)
  }
  for (const row of outbox) {
    at = writeName(bytes, row.sink, bytes.writeUInt8(outboxKind, at))
    at = bytes.writeUInt32BE(row.index, writeNumber(bytes, row.position, at))
    at = writeBytes(bytes, row.bytes, at)
  }
  for (const [name, value] of notes) {
    at = writeName(bytes, name, bytes.writeUInt8(noteKind, at))
    at = writeBytes(bytes, value, at)
  }
  bytes.writeUInt32BE(at - headBytes, 0)
  writeNumber(bytes, sequence, 8)
  bytes.writeUInt32BE(checksum(bytes, 8, at, bytes.readUInt32BE(0)), 4)
  return bytes.subarray(0, at)
}

/**
 * The record that begins at `start`, as views of `bytes`. Undefined when there is no whole one with this
 * `sequence`.
 */
export const readRecord = (bytes: Buffer, start: number, sequence: number): PlacedRecord | undefined => {
  const end = recordEnd(bytes, start, sequence)
  if (end === undefined) return undefined
  const rows: JournalRow[] = []
  const outbox: OutboxWrite[] = []
  const notes = new Map<string, Uint8Array>()
  const reader = new ItemReader(bytes, start + headBytes)
  while (reader.at < end) {
    const kind = reader.byte()
    if (kind === rowKind) rows.push({ position: reader.number(), bytes: reader.bytes() })
    else if (kind === outboxKind) {
      const [sink, position, index] = [reader.name(), reader.number(), reader.word()]
      outbox.push({ sink, position, index, bytes: reader.bytes() })
    } else notes.set(reader.name(), reader.bytes())
  }
  return { sequence, rows, outbox, notes, start, end }
}

/** Whether a whole record of `sequence` or later begins anywhere in `bytes` from `start` on. */
export const holdsRecordAfter = (bytes: Buffer, start: number, sequence: number): boolean => {
  for (let at = start; at + headBytes <= bytes.length; at++) {
    const found = readNumber(bytes, at + 8)
    if (found < sequence || found > sequence + mostRecordsLost) continue
    if (recordEnd(bytes, at, found) !== undefined) return true
  }
  return false
}

/** Offset behind the record at `start`, or undefined when it is not whole, or has another sequence. */
function recordEnd(bytes: Buffer, start: number, sequence: number): number | undefined {
  if (start + headBytes > bytes.length) return undefined
  const length = bytes.readUInt32BE(start)
  const end = start + headBytes + length
  if (end > bytes.length || readNumber(bytes, start + 8) !== sequence) return undefined
  return checksum(bytes, start + 8, end, length) === bytes.readUInt32BE(start + 4) ? end : undefined
}

/** Reads the items of a record whose checksum holds. */
class ItemReader {
  at: number
  private readonly source: Buffer

  constructor(source: Buffer, at: number) {
    this.source = source
    this.at = at
  }

  byte(): number {
    return this.source[this.at++]!
  }

  word(): number {
    this.at += 4
    return this.source.readUInt32BE(this.at - 4)
  }

  number(): number {
    this.at += 8
    return readNumber(this.source, this.at - 8)
  }

  name(): string {
    const length = this.source.readUInt16BE(this.at)
    this.at += 2 + length
    return this.source.toString('utf8', this.at - length, this.at)
  }

  bytes(): Buffer {
    const length = this.word()
    this.at += length
    return this.source.subarray(this.at - length, this.at)
  }
}

/** Most bytes that the record can take. */
const recordBound = (
  rows: readonly JournalRow[],
  outbox: readonly OutboxWrite[],
  notes: ReadonlyMap<string, Uint8Array>,
): number => {
  let bound = headBytes
  for (const { bytes } of rows) bound += 13 + bytes.length
  for (const { sink, bytes } of outbox) bound += 19 + 3 * sink.length + bytes.length
  for (const [name, value] of notes) bound += 7 + 3 * name.length + value.length
  return bound
}

const writeNumber = (target: Buffer, value: number, at: number): number => {
  target.writeUInt32BE(Math.floor(value / 2 ** 32), at)
  return target.writeUInt32BE(value >>> 0, at + 4)
}

const readNumber = (source: Buffer, at: number): number =>
  source.readUInt32BE(at) * 2 ** 32 + source.readUInt32BE(at + 4)

const writeName = (target: Buffer, name: string, at: number): number => {
  const length = target.write(name, at + 2)
  target.writeUInt16BE(length, at)
  return at + 2 + length
}

const writeBytes = (target: Buffer, bytes: Uint8Array, at: number): number => {
  const start = target.writeUInt32BE(bytes.length, at)
  target.set(bytes, start)
  return start + bytes.length
}

const headBytes = 16
const rowKind = 1
const outboxKind = 2
const noteKind = 3
/** A segment has room for fewer. */
const mostRecordsLost = 2 ** 24
