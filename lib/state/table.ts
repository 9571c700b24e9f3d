import type { Database } from 'lmdb'
import { checksumSeed, openFrame } from './frame.ts'

export interface TableRow {
  readonly key: Uint8Array
  readonly bytes: Uint8Array
}

/** Keys from `start` up to, not including, `end`; to the last when it is undefined. */
export interface KeyRange {
  readonly start: Uint8Array
  readonly end?: Uint8Array
}

/** One named LMDB database, read through its frames. Every call reads what is committed at that moment. */
export class Table {
  readonly name: string
  readonly seed: number
  readonly database: Database<Uint8Array, Uint8Array>

  constructor(name: string, database: Database<Uint8Array, Uint8Array>) {
    this.name = name
    this.seed = checksumSeed(name)
    this.database = database
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const framed = this.database.getBinary(key)
    return framed && openFrame(this.name, this.seed, key, framed)
  }

  /** Up to `limit` rows of `range`, all read at once: a cursor left open pins old pages of the file. */
  rows(range: KeyRange, limit: number): TableRow[] {
    const rows: TableRow[] = []
    for (const { key, value } of this.database.getRange({ ...range, limit })) {
      rows.push({ key, bytes: openFrame(this.name, this.seed, key, value) })
    }
    return rows
  }

  /** All rows of `range`, read `page` at a time. Rows written meanwhile may be seen. */
  *pages(range: KeyRange, page: number): Generator<TableRow[]> {
    for (let start = range.start; ; ) {
      const rows = this.rows({ ...range, start }, page)
      if (rows.length > 0) yield rows
      if (rows.length < page) return
      start = keyAfter((rows[rows.length - 1] as TableRow).key)
    }
  }

  keys(range: KeyRange, limit: number): Uint8Array[] {
    return [...this.database.getKeys({ ...range, limit })]
  }

  count(range: KeyRange): number {
    return this.database.getKeysCount({ ...range })
  }
}

/** The first key that sorts after `key`. */
export const keyAfter = (key: Uint8Array): Uint8Array => {
  const after = new Uint8Array(key.length + 1)
  after.set(key)
  return after
}
