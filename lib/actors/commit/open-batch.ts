import type { JournalEntry, JournalReceipt } from '../../state/journal-entry.ts'
import {
  type OpenEntry,
  OpenJournalRow,
  readRowEntries,
  readRowHashes,
} from '../../state/rows/journal-row.ts'
import type { JournalRow, OutboxWrite } from '../../state/store.ts'
import type { Duty } from '../delivery.ts'

/**
 * What has been handled since the last commit was sealed, and will be flushed together by the next. It keeps
 * bytes and duties: events held until the flush would outlive a collection, and each be moved by it.
 */
export class OpenBatch {
  readonly outbox: OutboxWrite[] = []
  private readonly duties: Duty[] = []
  private readonly full: JournalRow[] = []
  private row: OpenJournalRow
  private next: number

  constructor(position: number) {
    this.next = position
    this.row = new OpenJournalRow(position)
  }

  /** Position after the last entry. */
  get end(): number {
    return this.next
  }

  get isEmpty(): boolean {
    return this.row.length === 0 && this.duties.length === 0
  }

  /** Appends an entry and returns its position. */
  append(entry: OpenEntry): number {
    if (this.row.isFull) {
      this.full.push(this.row.encode())
      this.row = new OpenJournalRow(this.next)
    }
    this.row.append(entry)
    return this.next++
  }

  /** Joins a receipt to the entry appended last. */
  remember(receipt: JournalReceipt): void {
    this.row.remember(receipt)
  }

  /** Has `duty` done together with this batch. */
  owe(duty: Duty): void {
    this.duties.push(duty)
  }

  acknowledge(each: () => void): void {
    for (const duty of this.duties) {
      duty.ack()
      each()
    }
  }

  reject(reason: Error): void {
    for (const duty of this.duties) duty.reject?.(reason)
  }

  encode(): JournalRow[] {
    return this.row.length === 0 ? this.full : [...this.full, this.row.encode()]
  }

  /** Entries whose actor may be `hash`, from `from` on, in order. */
  *entriesOf(hash: number, from: number): Generator<JournalEntry> {
    for (const row of this.full) {
      if (readRowHashes(row.bytes).includes(hash)) {
        yield* readRowEntries(row).filter(({ position }) => position >= from)
      }
    }
    yield* this.row.entriesOf(hash, from)
  }
}
