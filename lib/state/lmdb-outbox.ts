import { crashPoint } from './crash-point.ts'
import { keyAfter, type Table } from './environment/table.ts'
import type { UnappliedRows } from './journal/unapplied-rows.ts'
import { compareOutboxKeys, outboxKey, rangeOf, readOutboxKey } from './rows/row-keys.ts'
import type { Outbox, OutboxKey, OutboxRow } from './store.ts'
import type { Transactions } from './transactions.ts'

/** Rows deleted in one transaction: bulk deletes make LMDB's list of free pages slow and large. */
const rowsPerRemoval = 500

export interface LmdbOutboxOptions {
  readonly table: Table
  readonly transactions: Transactions
  /** Flushed rows that the table does not have yet: all of them follow those that it has. */
  readonly unapplied: UnappliedRows
  readonly sink: string
  /** Brings the table up to the journal. */
  readonly apply: () => Promise<void>
}

/** The rows of one sink, first those of the table and then those that only the journal has. */
export class LmdbOutbox implements Outbox {
  private readonly table: Table
  private readonly transactions: Transactions
  private readonly unapplied: UnappliedRows
  private readonly sink: string
  private readonly apply: () => Promise<void>
  private readonly range: { readonly start: Buffer; readonly end: Buffer }
  private readonly listeners = new Set<() => void>()
  private held: number
  private removal: Promise<void> = Promise.resolve()

  /**
   * To be made before any commit that appends to it, because it counts on from what is there. Throws
   * `KeyTooLong` when the sink's name is too long.
   */
  constructor({ table, transactions, unapplied, sink, apply }: LmdbOutboxOptions) {
    outboxKey(sink, { position: 0, index: 0 })
    this.table = table
    this.transactions = transactions
    this.unapplied = unapplied
    this.sink = sink
    this.apply = apply
    this.range = rangeOf(sink)
    this.held = this.table.count(this.range) + (unapplied.counts().get(sink) ?? 0)
  }

  /** LMDB shows a transaction to readers only after its pages and its root are flushed. */
  read(after: OutboxKey | undefined, limit: number): OutboxRow[] {
    const start = after ? this.keyAfter(after) : this.range.start
    const rows: OutboxRow[] = this.table
      .rows({ start, end: this.range.end }, limit)
      .map(({ key, bytes }) => ({ ...readOutboxKey(key), bytes }))
    // A checkpoint may have been flushed a moment ago: its rows are in both.
    return [...rows, ...this.unapplied.outbox(this.sink, rows.at(-1) ?? after, limit - rows.length)]
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
    const [oldest] = this.unapplied.outbox(this.sink, undefined, 1)
    if (oldest && compareOutboxKeys(oldest, upTo) <= 0) await this.apply()
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
