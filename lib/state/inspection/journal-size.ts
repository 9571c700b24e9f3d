import type { Table } from '../environment/table.ts'
import { readRowEntries, readRowHashes } from '../rows/journal-row.ts'
import { readPosition } from '../rows/row-keys.ts'
import { rowsAtOnce } from './rows-at-once.ts'

export interface JournalSize {
  readonly rows: number
  readonly entries: number
  readonly bytes: number
  /** Positions and wall times of arrival of the first and the last entry, undefined when there is none. */
  readonly oldest: { readonly position: number; readonly arrival: number } | undefined
  readonly newest: { readonly position: number; readonly arrival: number } | undefined
}

/** Reads all of a journal. Tells `onRows` how many more rows it has read. */
export function journalSize(journal: Table, onRows: (rows: number) => void): JournalSize {
  let [rows, entries, bytes] = [0, 0, 0]
  let oldest: JournalSize['oldest']
  let last: { readonly position: number; readonly bytes: Uint8Array } | undefined
  for (const page of journal.pages({ start: Uint8Array.of(0) }, rowsAtOnce)) {
    for (const row of page) {
      const position = readPosition(row.key, 0)
      rows++
      bytes += row.bytes.length
      entries += readRowHashes(row.bytes).length
      last = { position, bytes: row.bytes }
      oldest ??= endOf(last, 0)
    }
    onRows(page.length)
  }
  return { rows, entries, bytes, oldest, newest: last && endOf(last, -1) }
}

/** The first or the last entry of a row. */
function endOf(
  row: { readonly position: number; readonly bytes: Uint8Array },
  at: 0 | -1,
): JournalSize['oldest'] {
  const entry = readRowEntries(row).at(at)
  return entry && { position: entry.position, arrival: entry.arrival }
}
