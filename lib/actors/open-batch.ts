import type { JournalEntry, JournalReceipt } from '../state/journal-entry.ts'
import { type OpenEntry, OpenJournalRow } from '../state/journal-row.ts'
import type { JournalRow, OutboxWrite } from '../state/store.ts'
import type { Delivery } from './delivery.ts'

/** What has been handled since the last commit was sealed, and will be flushed together by the next. */
export class OpenBatch {
  readonly outbox: OutboxWrite[] = []
  readonly deliveries: Delivery<unknown>[] = []
  private readonly rows: OpenJournalRow[] = []
  private next: number

  constructor(position: number) {
    this.next = position
  }

  /** Position after the last entry. */
  get end(): number {
    return this.next
  }

  get isEmpty(): boolean {
    return this.rows.length === 0 && this.deliveries.length === 0
  }

  /** Appends an entry and returns its position. */
  append(entry: OpenEntry): number {
    let row = this.rows.at(-1)
    if (!row || row.isFull) {
      row = new OpenJournalRow(this.next)
      this.rows.push(row)
    }
    row.append(entry)
    return this.next++
  }

  /** Joins a receipt to the entry appended last. */
  remember(receipt: JournalReceipt): void {
    this.rows.at(-1)!.remember(receipt)
  }

  encode(): JournalRow[] {
    return this.rows.map((row) => row.encode())
  }

  /** Entries whose actor may be `hash`, from `from` on, in order. */
  *entriesOf(hash: number, from: number): Generator<JournalEntry> {
    for (const row of this.rows) yield* row.entriesOf(hash, from)
  }
}
