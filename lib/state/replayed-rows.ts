import type { JournalEntry } from './journal-entry.ts'
import { entriesPerRow, JournalRowReader } from './rows/journal-row.ts'

/** A row that is to be replayed. */
export interface RowToReplay {
  readonly position: number
  /** `keyHash` of the actor of each entry. */
  readonly hashes: Uint32Array
}

/**
 * The rows of a journal that a restart replays, each read and decoded once, at its first use. An index leads
 * to the entries of one actor without a look at those of others, which an event that arrives meanwhile waits
 * for.
 */
export class ReplayedRows {
  private readonly rows: readonly RowToReplay[]
  private readonly read: (position: number) => Uint8Array
  private readonly readers: (JournalRowReader | undefined)[]
  private next = 0
  /**
   * Place of the newest entry of each hash, and for each place that of the one before it with the same hash.
   */
  private readonly newest = new Map<number, number>()
  private readonly before: Int32Array

  /** @param read Bytes of the row at this position. */
  constructor(rows: readonly RowToReplay[], read: (position: number) => Uint8Array) {
    this.rows = rows
    this.read = read
    this.readers = new Array(rows.length)
    this.before = new Int32Array(rows.length * entriesPerRow)
    for (const [row, { hashes }] of rows.entries()) {
      for (let index = 0; index < hashes.length; index++) {
        const place = row * entriesPerRow + index
        const hash = hashes[index]!
        this.before[place] = this.newest.get(hash) ?? none
        this.newest.set(hash, place)
      }
    }
  }

  /** The entries of the next row, undefined behind the last. */
  takeRow(): readonly JournalEntry[] | undefined {
    const row = this.next++
    if (row >= this.rows.length) return undefined
    const entries = this.readerOf(row).entries()
    this.readers[row] = undefined
    return entries
  }

  /** The entries of rows not taken yet whose actor may be `hash`, from position `from` on, in order. */
  entriesOf(hash: number, from: number): readonly JournalEntry[] {
    const found: JournalEntry[] = []
    for (let place = this.newest.get(hash) ?? none; place !== none; place = this.before[place]!) {
      const row = Math.floor(place / entriesPerRow)
      const index = place % entriesPerRow
      if (row < this.next || this.rows[row]!.position + index < from) break
      found.push(this.readerOf(row).entry(index))
    }
    return found.reverse()
  }

  private readerOf(row: number): JournalRowReader {
    const known = this.readers[row]
    if (known) return known
    const { position } = this.rows[row]!
    const reader = new JournalRowReader({ position, bytes: this.read(position) })
    this.readers[row] = reader
    return reader
  }
}

const none = -1
