import { crashPoint } from './crash-point.ts'
import { keyAfter, type Table } from './environment/table.ts'
import { outboxKey, rangeOf, readOutboxKey } from './rows/row-keys.ts'
import type { Outbox, OutboxKey, OutboxRow } from './store.ts'
import type { Transactions } from './transactions.ts'

/** Rows deleted in one transaction: bulk deletes make LMDB's list of free pages slow and large. */
const rowsPerRemoval = 500

export class LmdbOutbox implements Outbox {
  private readonly table: Table
  private readonly transactions: Transactions
  private readonly sink: string
  private readonly range: { readonly start: Buffer; readonly end: Buffer }
  private readonly listeners = new Set<() => void>()
  private held: number
  private removal: Promise<void> = Promise.resolve()

  /** To be made before any commit that appends to it, because it counts on from what is there. */
  constructor(table: Table, transactions: Transactions, sink: string) {
    this.table = table
    this.transactions = transactions
    this.sink = sink
    this.range = rangeOf(sink)
    this.held = this.table.count(this.range)
  }

  /** LMDB shows a transaction to readers only after its pages and its root are flushed. */
  read(after: OutboxKey | undefined, limit: number): OutboxRow[] {
    const start = after ? this.keyAfter(after) : this.range.start
    const rows = this.table.rows({ start, end: this.range.end }, limit)
    return rows.map(({ key, bytes }) => ({ ...readOutboxKey(key), bytes }))
  }

  /** Removals of one outbox follow each other, so that no row is counted twice. */
  remove(upTo: OutboxKey): Promise<void> {
    const removal = this.removal.then(() => this.removeNow(upTo))
    this.removal = removal.catch(() => {})
    return removal
  }

  count(): number {
    return this.held
  }

  onAppend(listener: () => void): () => void {
    const own = (): void => listener()
    this.listeners.add(own)
    return () => this.listeners.delete(own)
  }

  /** To be called when `rows` more are flushed. */
  appended(rows: number): void {
    this.held += rows
    for (const listener of this.listeners) listener()
  }

  /** Resolves when every removal asked for is done or has failed. */
  idle(): Promise<void> {
    return this.removal
  }

  private async removeNow(upTo: OutboxKey): Promise<void> {
    const range = { start: this.range.start, end: this.keyAfter(upTo) }
    for (;;) {
      const keys = this.table.keys(range, rowsPerRemoval)
      if (keys.length === 0) return
      await this.transactions.run(() => {
        for (const key of keys) void this.table.database.remove(key)
      })
      this.held -= keys.length
      crashPoint('outbox deleted')
    }
  }

  private keyAfter(at: OutboxKey): Uint8Array {
    return keyAfter(outboxKey(this.sink, at))
  }
}
