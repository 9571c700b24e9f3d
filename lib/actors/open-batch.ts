import type { JournalEntry, JournalReceipt } from '../state/journal-entry.ts'
import { encodeJournalRow, entriesPerRow, type OpenEntry } from '../state/journal-row.ts'
import type { JournalRow, OutboxWrite } from '../state/store.ts'
import type { Delivery } from './delivery.ts'

interface Chunk {
  readonly position: number
  readonly entries: OpenEntry[]
  readonly receipts: JournalReceipt[]
}

/** What has been handled since the last commit was sealed, and will be flushed together by the next. */
export class OpenBatch {
  readonly outbox: OutboxWrite[] = []
  readonly deliveries: Delivery<unknown>[] = []
  private readonly chunks: Chunk[] = []
  private next: number

  constructor(position: number) {
    this.next = position
  }

  /** Position after the last entry. */
  get end(): number {
    return this.next
  }

  get isEmpty(): boolean {
    return this.chunks.length === 0 && this.deliveries.length === 0
  }

  /** Appends an entry and returns its position. */
  append(entry: OpenEntry): number {
    let chunk = this.chunks.at(-1)
    if (!chunk || chunk.entries.length === entriesPerRow) {
      chunk = { position: this.next, entries: [], receipts: [] }
      this.chunks.push(chunk)
    }
    chunk.entries.push(entry)
    return this.next++
  }

  /** Joins a receipt to the entry appended last. */
  remember({ sender, number, checksum }: JournalReceipt): void {
    this.chunks.at(-1)!.receipts.push({ sender, number, checksum })
  }

  encode(): JournalRow[] {
    return this.chunks.map(({ position, entries, receipts }) => encodeJournalRow(position, entries, receipts))
  }

  /** Entries whose actor may be `hash`, from `from` on, in order. */
  *entriesOf(hash: number, from: number): Generator<JournalEntry> {
    for (const { position, entries } of this.chunks) {
      for (const [index, entry] of entries.entries()) {
        if (entry.hash === hash && position + index >= from) yield { ...entry, position: position + index }
      }
    }
  }
}
