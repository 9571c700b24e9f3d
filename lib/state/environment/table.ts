import { checksumSeed, openFrame } from '../rows/frame.ts'
import type { Database, FramedRow, KeyScan } from './database.ts'
import { asking } from './disk-failed.ts'

export interface TableRow {
  readonly key: Uint8Array
  readonly bytes: Uint8Array
}

/** Keys from `start` up to, not including, `end`; to the last when it is undefined. */
export interface KeyRange {
  readonly start: Uint8Array
  readonly end?: Uint8Array
}

/** A range of lmdb, as it is used by the scans of a table: its types leave this out. */
interface Scan {
  iterate(): Iterator<FramedRow, undefined>
}

/** One named LMDB database, read through its frames. Every call reads what is committed at that moment. */
export class Table {
  readonly name: string
  readonly seed: number
  readonly database: Database

  /** lmdb looks at the bounds when a scan begins; making a range anew costs as much as reading three rows. */
  private readonly bounds: { start: Uint8Array | undefined; end: Uint8Array | undefined } = {
    start: undefined,
    end: undefined,
  }
  private readonly scan: Scan
  private readonly path: string

  /** `path` is the folder of the store. */
  constructor(path: string, name: string, database: Database) {
    this.path = path
    this.name = name
    this.seed = checksumSeed(name)
    this.database = database
    this.scan = database.getRange(this.bounds as KeyScan) as unknown as Scan
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const framed = asking(this.path, () => this.database.getBinary(key))
    return framed && openFrame(this.name, this.seed, key, framed)
  }

  /** Up to `limit` rows of `range`, all read at once: a cursor left open pins old pages of the file. */
  rows(range: KeyRange, limit: number): TableRow[] {
    return asking(this.path, () => this.scanned(range, limit))
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
    return asking(this.path, () => [...this.database.getKeys({ ...range, limit })])
  }

  /** The last row of `range`, or of all. */
  last({ start, end }: KeyRange = { start: Uint8Array.of(0) }): TableRow | undefined {
    // In reverse a range of lmdb begins at its end, which belongs to it.
    const keys = this.database.getKeys({
      ...(end ? { start: end } : {}),
      end: start,
      reverse: true,
      limit: 2,
    })
    for (const key of keys) {
      if (end && Buffer.compare(key, end) >= 0) continue
      const bytes = this.get(key)
      return bytes && { key, bytes }
    }
    return undefined
  }

  count(range: KeyRange): number {
    return asking(this.path, () => this.database.getKeysCount({ ...range }))
  }

  private scanned({ start, end }: KeyRange, limit: number): TableRow[] {
    const rows: TableRow[] = []
    this.bounds.start = start
    this.bounds.end = end
    const scan = this.scan.iterate()
    try {
      while (rows.length < limit) {
        const { done, value } = scan.next()
        if (done) break
        const { key, value: framed } = value
        rows.push({ key, bytes: openFrame(this.name, this.seed, key, framed) })
      }
    } finally {
      scan.return?.()
    }
    return rows
  }
}

/** The first key that sorts after `key`. */
export const keyAfter = (key: Uint8Array): Uint8Array => {
  const after = new Uint8Array(key.length + 1)
  after.set(key)
  return after
}
