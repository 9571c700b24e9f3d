import type { Outbox, OutboxKey, OutboxRow } from '../state/store.ts'

/** Rows read at once; with the bytes in flight this bounds what is held in memory. */
const pageRows = 64

/** The rows of an outbox behind a place, one after the other, those that are added meanwhile too. */
export class RowsAfter {
  private readonly outbox: Outbox
  private cursor: OutboxKey | undefined
  private page: OutboxRow[] = []
  private pageAt = 0

  constructor(outbox: Outbox, after: OutboxKey | undefined) {
    this.outbox = outbox
    this.cursor = after
  }

  /** Undefined when there is none now. */
  next(): OutboxRow | undefined {
    if (this.pageAt === this.page.length) {
      this.page = this.outbox.read(this.cursor, pageRows)
      this.pageAt = 0
    }
    const row = this.page[this.pageAt++]
    if (row) this.cursor = { position: row.position, index: row.index }
    else this.pageAt = 0
    return row
  }
}
