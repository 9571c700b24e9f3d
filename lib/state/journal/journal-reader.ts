import type { JournalRow } from '../store.ts'
import type { JournalRecord } from './journal-record.ts'
import { readSegments } from './segment-file.ts'

/** The journal of the store in folder `path`, for a process that only looks at it. */
export class JournalReader {
  private readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Rows in order of position, from the first at or after `from`, as they are at the time of the call. */
  *rows(from: number): Generator<JournalRow> {
    for (const { rows } of this.records()) {
      for (const row of rows) if (row.position >= from) yield row
    }
  }

  /** All whole records, in order. */
  *records(): Generator<JournalRecord> {
    for (const { records } of readSegments(this.path)) yield* records
  }
}
