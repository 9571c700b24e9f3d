import { compareOutboxKeys } from '../rows/row-keys.ts'
import type { OutboxKey, OutboxRow, OutboxWrite } from '../store.ts'
import type { JournalRecord } from './journal-record.ts'

/**
 * Outbox rows and notes that the journal has and the tables do not have yet. They are read from here until a
 * checkpoint has written them there.
 */
export class UnappliedRows {
  /** Bytes of all outbox rows. */
  bytes = 0
  private records: Pick<JournalRecord, 'sequence' | 'outbox' | 'notes'>[] = []

  /** Takes what a flushed record brought. */
  add({ sequence, outbox, notes }: JournalRecord): void {
    if (outbox.length === 0 && notes.size === 0) return
    this.records.push({ sequence, outbox, notes })
    for (const row of outbox) this.bytes += row.bytes.length
  }

  /** Rows of `sink` that follow `after`, in order, up to `limit`. */
  outbox(sink: string, after: OutboxKey | undefined, limit: number): OutboxRow[] {
    const rows: OutboxRow[] = []
    for (const { outbox } of this.records) {
      for (const row of outbox) {
        if (row.sink !== sink || (after && compareOutboxKeys(row, after) <= 0)) continue
        if (rows.length === limit) return rows
        rows.push({ position: row.position, index: row.index, bytes: row.bytes })
      }
    }
    return rows
  }

  /** Rows of each sink. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const { outbox } of this.records) {
      for (const { sink } of outbox) counts.set(sink, (counts.get(sink) ?? 0) + 1)
    }
    return counts
  }

  note(name: string): Uint8Array | undefined {
    return this.records.findLast(({ notes }) => notes.has(name))?.notes.get(name)
  }

  /** All there is, to be written by a checkpoint. */
  all(): { readonly outbox: readonly OutboxWrite[]; readonly notes: ReadonlyMap<string, Uint8Array> } {
    return {
      outbox: this.records.flatMap(({ outbox }) => outbox),
      notes: new Map(this.records.flatMap(({ notes }) => [...notes])),
    }
  }

  /** The tables have the rows of every record up to `sequence`. */
  applied(sequence: number): void {
    const left = this.records.filter((record) => record.sequence > sequence)
    this.records = left
    this.bytes = left.reduce(
      (sum, { outbox }) => outbox.reduce((bytes, row) => bytes + row.bytes.length, sum),
      0,
    )
  }
}
