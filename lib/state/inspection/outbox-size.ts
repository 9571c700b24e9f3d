import type { Table } from '../environment/table.ts'
import { readOutboxKey } from '../rows/row-keys.ts'
import type { OutboxKey, OutboxRow } from '../store.ts'
import { rowsAtOnce } from './rows-at-once.ts'

export interface OutboxSize {
  readonly sink: string
  readonly rows: number
  readonly bytes: number
  readonly oldest: OutboxKey
  readonly newest: OutboxKey
}

/**
 * Reads all rows of one sink: those in `range` of the table, then `unapplied`, which only the journal has.
 * Calls `onRows` with how many more it has read.
 */
export function outboxSize(
  outbox: Table,
  sink: string,
  range: { readonly start: Uint8Array; readonly end: Uint8Array },
  unapplied: readonly OutboxRow[],
  onRows: (rows: number) => void,
): OutboxSize {
  let [rows, bytes] = [0, 0]
  let oldest: OutboxKey | undefined
  let newest: OutboxKey = { position: 0, index: 0 }
  for (const page of outbox.pages(range, rowsAtOnce)) {
    for (const row of page) {
      newest = readOutboxKey(row.key)
      oldest ??= newest
      rows++
      bytes += row.bytes.length
    }
    onRows(page.length)
  }
  for (const row of unapplied) {
    newest = { position: row.position, index: row.index }
    oldest ??= newest
    rows++
    bytes += row.bytes.length
  }
  return { sink, rows, bytes, oldest: oldest ?? newest, newest }
}
