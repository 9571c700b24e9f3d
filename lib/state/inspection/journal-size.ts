import { readRowEntries, readRowHashes } from '../rows/journal-row.ts'
import type { JournalRow } from '../store.ts'
import { rowsAtOnce } from './rows-at-once.ts'

export interface JournalSize {
  readonly rows: number
  readonly entries: number
  readonly bytes: number
  /** Positions and wall times of arrival of the first and the last entry, undefined when there is none. */
  readonly oldest: { readonly position: number; readonly arrival: number } | undefined
  readonly newest: { readonly position: number; readonly arrival: number } | undefined
}

/** Reads all rows of a journal. Calls `onRows` with how many more it has read. */
export function journalSize(journal: Iterable<JournalRow>, onRows: (rows: number) => void): JournalSize {
  let [rows, entries, bytes] = [0, 0, 0]
  let oldest: JournalSize['oldest']
  let last: JournalRow | undefined
  for (const row of journal) {
    rows++
    bytes += row.bytes.length
    entries += readRowHashes(row.bytes).length
    last = row
    oldest ??= endOf(row, 0)
    if (rows % rowsAtOnce === 0) onRows(rowsAtOnce)
  }
  onRows(rows % rowsAtOnce)
  return { rows, entries, bytes, oldest, newest: last && endOf(last, -1) }
}

/** The first or the last entry of a row. */
function endOf(row: JournalRow, at: 0 | -1): JournalSize['oldest'] {
  const entry = readRowEntries(row).at(at)
  return entry && { position: entry.position, arrival: entry.arrival }
}
