import type { JournalEntry, JournalReceipt } from './journal-entry.ts'
import { ReplayedRows } from './replayed-rows.ts'
import { type RowHead, readRowEntries, readRowHashes, readRowHead, receiptsOf } from './rows/journal-row.ts'
import { readPosition } from './rows/position-note.ts'
import type { JournalRow, Store } from './store.ts'

interface TailRow {
  readonly position: number
  readonly hashes: Uint32Array
}

/**
 * The part of the journal that no checkpoint covers yet. Of each row only the actors' hashes are held, so
 * that the entries of one actor are found without reading those of all others.
 */
export class JournalTail {
  private readonly store: Store
  private rows: TailRow[] = []
  private first = 0
  /** Of the rows that were there at the start, until their receipts are taken. */
  private heads: RowHead[] = []

  constructor(store: Store) {
    this.store = store
    for (const { position, bytes } of store.readJournal()) {
      const head = readRowHead(bytes)
      this.heads.push(head)
      this.add(position, head.hashes)
    }
    this.end = Math.max(this.end, readPosition(store))
  }

  /** Position after the newest entry, also when nothing is held. */
  end = 0

  /** Position of the oldest entry held, or of the next one when there is none. */
  get start(): number {
    return this.rows[this.first]?.position ?? this.end
  }

  get length(): number {
    return this.end - this.start
  }

  append(row: JournalRow): void {
    this.add(row.position, readRowHashes(row.bytes))
  }

  /** Position up to which whole rows can be deleted when nothing before `position` is needed any more. */
  trimmable(position: number): number {
    for (let index = this.first; index < this.rows.length; index++) {
      if (this.rowEnd(index) > position) return this.rows[index]!.position
    }
    return this.end
  }

  /** Forgets the rows that are before `position`. */
  trimTo(position: number): void {
    while (this.first < this.rows.length && this.rowEnd(this.first) <= position) this.first++
    if (this.first * 2 > this.rows.length) {
      this.rows = this.rows.slice(this.first)
      this.first = 0
    }
  }

  /** The entries whose actor may be `hash`, from `from` on, in order. */
  *entriesOf(hash: number, from: number): Generator<JournalEntry> {
    for (let index = this.first; index < this.rows.length; index++) {
      const { position, hashes } = this.rows[index]!
      if (this.rowEnd(index) <= from || !hashes.includes(hash)) continue
      const row = this.rowAt(position)
      if (row) yield* readRowEntries(row).filter((entry) => entry.position >= from)
    }
  }

  /** Every receipt of the journal that was there at the start, oldest first. To be taken once. */
  *takeReceipts(): Generator<JournalReceipt> {
    for (const head of this.heads.splice(0)) yield* receiptsOf(head)
  }

  /** The rows held now, to be replayed. */
  toReplay(): ReplayedRows {
    return new ReplayedRows(this.rows.slice(this.first), (position) => {
      const row = this.rowAt(position)
      if (!row) throw new Error(`The journal has no row at position ${position}, and it was not replayed yet`)
      return row.bytes
    })
  }

  /**
   * Undefined once a checkpoint is flushed that includes all of the row, which readers see a moment before
   * `trimTo` is called.
   */
  private rowAt(position: number): JournalRow | undefined {
    for (const row of this.store.readJournal(position)) return row.position === position ? row : undefined
    return undefined
  }

  private add(position: number, hashes: Uint32Array): void {
    this.rows.push({ position, hashes })
    this.end = position + hashes.length
  }

  private rowEnd(index: number): number {
    const row = this.rows[index]!
    return row.position + row.hashes.length
  }
}
