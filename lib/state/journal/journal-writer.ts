import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  write,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { JournalEnd } from '../environment/closing-mark.ts'
import { DiskFailed } from '../environment/disk-failed.ts'
import { PlacedFile } from '../environment/placed-file.ts'
import { syncFolder } from '../environment/sync-folder.ts'
import { StoreDamaged } from '../rows/frame.ts'
import type { JournalNote } from '../rows/journal-note.ts'
import { CommitFailed, type JournalRow } from '../store.ts'
import { encodeRecord, type JournalRecord, readRecord } from './journal-record.ts'
import { readSegments, requireComplete, segmentHeader, segmentName } from './segment-file.ts'

export interface JournalWriterOptions {
  /** Folder of the store. */
  readonly path: string
  /** What the tables of the store say of it. */
  readonly note: JournalNote
  /** Receives every record that the files hold, in order. */
  readonly onRecord: (record: JournalRecord) => void
  /** Length from which on a file is followed by another; 16 MiB unless given. */
  readonly segmentBytes?: number
}

interface OpenSegment {
  readonly file: string
  readonly descriptor: number
  readonly place: PlacedFile
  /** Where the next record goes. */
  end: number
  /** Sequence of its last record. */
  last: number
}

/** Where a record with journal rows lies. */
interface Place {
  readonly segment: OpenSegment
  readonly sequence: number
  readonly start: number
  readonly end: number
  /** Positions of its first and last row. */
  readonly firstRow: number
  readonly lastRow: number
}

/**
 * The journal of a store, as the process that writes it sees it: files that are only appended to, each record
 * flushed before the next is written, and whole files deleted from the front. A record costs the disk one or
 * two pages, where a commit of the B-tree costs ten.
 */
export class JournalWriter {
  /** Sequence of the last record that is flushed. */
  sequence: number
  private readonly path: string
  private readonly segmentBytes: number
  private segments: OpenSegment[] = []
  private failure: DiskFailed | undefined
  /** The one that a record is being written to. */
  private written: OpenSegment | undefined
  private places: Place[] = []

  /**
   * Opens the journal and cuts off what a crash left of an unfinished record. Throws `StoreDamaged` when
   * another record is not what was written, or files are missing.
   */
  constructor({ path, note, onRecord, segmentBytes = defaultSegmentBytes }: JournalWriterOptions) {
    this.path = path
    this.sequence = note.applied
    this.segmentBytes = segmentBytes
    const segments = readSegments(path)
    requireComplete(path, segments, note)
    for (const { file, first, records, end, bytes } of segments) {
      if (records.length === 0) {
        rmSync(join(path, file))
        continue
      }
      const descriptor = openSync(join(path, file), writable)
      if (end < bytes.length) {
        ftruncateSync(descriptor, end)
        fdatasyncSync(descriptor)
      }
      const place = this.placed(file)
      const segment = { file, descriptor, place, end, last: first + records.length - 1 }
      this.segments.push(segment)
      for (const record of records) {
        this.index(record, segment, record.start, record.end)
        onRecord(record)
      }
      this.sequence = Math.max(this.sequence, segment.last)
    }
  }

  /** Where it ends; undefined when it has no file. */
  get end(): JournalEnd | undefined {
    return this.segments.at(-1)
  }

  /** Throws when the file that is written is no longer at its place: what is flushed to it would be lost. */
  requirePlace(): void {
    this.segments.at(-1)?.place.require()
  }

  /**
   * Writes a record and resolves when it is flushed. One at a time. Rejects with `CommitFailed` when nothing
   * of it was kept, and with `DiskFailed` when that cannot be known.
   */
  async append(content: Omit<JournalRecord, 'sequence'>): Promise<void> {
    if (this.failure) throw this.failure
    const record = { ...content, sequence: this.sequence + 1 }
    const bytes = encodeRecord(record)
    const segment = this.segmentFor(record.sequence)
    const start = segment.end
    this.written = segment
    await this.write(segment, bytes).finally(() => {
      this.written = undefined
    })
    segment.end = start + bytes.length
    segment.last = record.sequence
    this.sequence = record.sequence
    this.index(record, segment, start, segment.end)
  }

  /** Rows in order of position, from the first at or after `from`, a record read at a time. */
  *rows(from: number): Generator<JournalRow> {
    const { places } = this
    for (let index = placeOf(places, from); index < places.length; index++) {
      for (const row of this.read(places[index]!)) if (row.position >= from) yield row
    }
  }

  /** Position up to which the first row at or after `from` begins, 0 when there is none. */
  firstRow(from: number): number {
    const place = this.places[placeOf(this.places, from)]
    return place ? Math.max(from, place.firstRow) : 0
  }

  /**
   * Deletes the files of which no row from `position` on is needed, and of which the rest of the store
   * includes every record: up to `applied`.
   */
  release(position: number, applied: number): void {
    const needed = this.places[placeOf(this.places, position)]?.segment
    const kept = needed ? this.segments.indexOf(needed) : this.segments.length
    const covered = this.segments.findIndex((segment) => segment === this.written || segment.last > applied)
    const gone = this.segments.splice(0, covered < 0 ? kept : Math.min(kept, covered))
    if (gone.length === 0) return
    this.places = this.places.filter(({ segment }) => !gone.includes(segment))
    for (const { file, descriptor } of gone) {
      closeSync(descriptor)
      rmSync(join(this.path, file), { force: true })
    }
  }

  close(): void {
    for (const { descriptor } of this.segments.splice(0)) closeSync(descriptor)
    this.places = []
  }

  private async write({ file, descriptor, end: start }: OpenSegment, bytes: Buffer): Promise<void> {
    const fail = ({ message }: Error): never => {
      this.failure = new DiskFailed(this.path, file, message)
      throw this.failure
    }
    await writeAll(descriptor, bytes, start).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EIO') fail(error)
      ftruncateSync(descriptor, start)
      throw notKept(error)
    })
    if (!flushesWrites) await flush(descriptor).catch(fail)
  }

  /** The file that takes the record of this sequence. */
  private segmentFor(sequence: number): OpenSegment {
    const current = this.segments.at(-1)
    if (current && current.end < this.segmentBytes) return current
    const file = segmentName(sequence)
    const header = segmentHeader(sequence)
    try {
      const descriptor = openSync(join(this.path, file), writable | created, 0o600)
      writeSync(descriptor, header)
      fsyncSync(descriptor)
      syncFolder(this.path)
      const segment = { file, descriptor, place: this.placed(file), end: header.length, last: sequence - 1 }
      this.segments.push(segment)
      return segment
    } catch (error) {
      throw notKept(error as Error)
    }
  }

  private placed(file: string): PlacedFile {
    return new PlacedFile(
      this.path,
      file,
      'Put it back, or restore the data folder from a backup, and start again',
    )
  }

  private index({ sequence, rows }: JournalRecord, segment: OpenSegment, start: number, end: number): void {
    if (rows.length === 0) return
    const [firstRow, lastRow] = [rows[0]!.position, rows.at(-1)!.position]
    this.places.push({ segment, sequence, start, end, firstRow, lastRow })
  }

  private read({ segment, sequence, start, end }: Place): readonly JournalRow[] {
    const bytes = Buffer.allocUnsafeSlow(end - start)
    readSync(segment.descriptor, bytes, 0, bytes.length, start)
    const record = readRecord(bytes, 0, sequence)
    if (record) return record.rows
    throw new StoreDamaged(
      `store path "${this.path}": ${segment.file} is damaged at byte ${start}: the record there is not what was ` +
        'written. Check the disk, then restore the data folder from a backup',
    )
  }
}

/** Index of the first place that has a row at or after `position`. */
const placeOf = (places: readonly Place[], position: number): number => {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (places[middle]!.lastRow < position) low = middle + 1
    else high = middle
  }
  return low
}

const writeAll = async (descriptor: number, bytes: Buffer, at: number): Promise<void> => {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await writeAt(descriptor, bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}

const writeAt = promisify(write)
const flush = promisify(fdatasync)

const notKept = ({ message }: Error): CommitFailed =>
  new CommitFailed(
    `the store could not write: ${message}; nothing of this commit was kept. Check that the disk is healthy and has room`,
  )

/**
 * Linux answers a write to a file opened with O_DSYNC once the disk has it: one call a record, where a flush
 * of its own would be a second one through the thread pool. Other systems may answer sooner.
 */
const flushesWrites = process.platform === 'linux'
const writable = constants.O_RDWR | (flushesWrites ? constants.O_DSYNC : 0)
const created = constants.O_CREAT | constants.O_TRUNC

const defaultSegmentBytes = 16 * 2 ** 20
