import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalEnd } from '../environment/closing-mark.ts'
import { checksum } from '../rows/checksum.ts'
import { StoreDamaged } from '../rows/frame.ts'
import type { JournalNote } from '../rows/journal-note.ts'
import { holdsRecordAfter, type PlacedRecord, readRecord } from './journal-record.ts'

/** One file of the journal: a header and records, from sequence `first` on without a gap. */
export interface Segment {
  readonly file: string
  readonly first: number
  readonly records: readonly PlacedRecord[]
  /** Length up to the end of the last whole record; 0 when the header is not whole. */
  readonly end: number
  /** The file. What is behind `end` is a record whose write was cut short. */
  readonly bytes: Buffer
}

/** Name of the segment whose first record has this sequence. */
export const segmentName = (first: number): string => `journal-${String(first).padStart(16, '0')}.log`

/** Segments in folder `path`, as name and first sequence, in order. */
export const segmentsIn = (path: string): { readonly file: string; readonly first: number }[] =>
  readdirSync(path)
    .map((name) => namePattern.exec(name))
    .filter((match) => match !== null)
    .map(([file, first]) => ({ file, first: Number(first) }))
    .sort((a, b) => a.first - b.first)

/** The 20 bytes that a segment begins with: a name, the version of the layout, and a checksum. */
export const segmentHeader = (first: number): Buffer => {
  const header = Buffer.alloc(headerBytes)
  header.write('tidemark', 0)
  header.writeUInt32BE(layoutVersion, 8)
  header.writeUInt32BE(first % 2 ** 32, 12)
  header.writeUInt32BE(checksum(header, 0, 16), 16)
  return header
}

/**
 * Reads every segment in folder `path`, which another process may be writing. Segments that are deleted
 * meanwhile are left out. Throws `StoreDamaged` at a record that is not what was written, unless it is the
 * last: a write that a crash cut short was never acknowledged.
 */
export const readSegments = (path: string): Segment[] => {
  const segments: Segment[] = []
  for (const { file, first } of segmentsIn(path)) {
    const bytes = contentOf(join(path, file))
    if (!bytes) continue
    const before = segments.at(-1)
    if (before) requireWhole(path, before, first)
    segments.push(parseSegment(path, file, first, bytes))
  }
  return segments
}

/** Where the journal in folder `path` ends, which reads its last file; undefined when there is none. */
export const journalEndIn = (path: string): JournalEnd | undefined => {
  const last = segmentsIn(path).at(-1)
  const bytes = last && contentOf(join(path, last.file))
  return bytes && parseSegment(path, last.file, last.first, bytes)
}

/**
 * Throws `StoreDamaged` when files are missing that the tables of the store count on, as `note` tells them. A
 * process that writes the store may have deleted them since, when the tables were read earlier.
 */
export const requireComplete = (path: string, segments: readonly Segment[], note: JournalNote): void => {
  const [oldest] = segments
  const hasFirstRow = (): boolean =>
    segments.some(({ records }) =>
      records.some(({ rows }) => rows.some(({ position }) => position <= note.firstRow)),
    )
  const hasBeginning = (!oldest || oldest.first <= note.applied + 1) && (note.firstRow === 0 || hasFirstRow())
  if (!hasBeginning) {
    throw new StoreDamaged(
      `store path "${path}": the beginning of its journal is missing: no ${segmentName(note.applied + 1)} or an ` +
        'earlier one is there. Put the file back, or restore the data folder from a backup',
    )
  }
  const last = segments.at(-1)
  if (note.firstRow === 0 || !last || lastRecord(last) >= note.applied) return
  throw new StoreDamaged(
    `store path "${path}": the end of its journal is missing: ${last.file} ends at record ${lastRecord(last)}, ` +
      `and there were ${note.applied}. Put the file back, or restore the data folder from a backup`,
  )
}

/** Sequence of the last record up to the end of a segment. */
const lastRecord = ({ first, records }: Segment): number => first + records.length - 1

const parseSegment = (path: string, file: string, first: number, bytes: Buffer): Segment => {
  const segment = { file, first, bytes }
  if (!bytes.subarray(0, headerBytes).equals(segmentHeader(first))) {
    if (bytes.length > headerBytes && bytes.some((byte) => byte !== 0)) throw damaged(path, file, 0)
    return { ...segment, records: [], end: 0 }
  }
  const records: PlacedRecord[] = []
  let end = headerBytes
  for (;;) {
    const record = readRecord(bytes, end, first + records.length)
    if (!record) break
    records.push(record)
    end = record.end
  }
  if (holdsRecordAfter(bytes, end + 1, first + records.length)) throw damaged(path, file, end)
  return { ...segment, records, end }
}

const requireWhole = (path: string, { file, first, records, end, bytes }: Segment, next: number): void => {
  if (end !== bytes.length || first + records.length !== next) throw damaged(path, file, end)
}

const damaged = (path: string, file: string, at: number): StoreDamaged =>
  new StoreDamaged(
    `store path "${path}": ${file} is damaged at byte ${at}: the record there is not what was written, and ` +
      'records follow it. Check the disk, then restore the data folder from a backup, or move it away to ' +
      'begin with an empty store',
  )

const contentOf = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const namePattern = /^journal-(\d{16})\.log$/
const layoutVersion = 1
const headerBytes = 20
