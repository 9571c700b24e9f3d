import type { Environment } from './environment/environment.ts'
import { JournalReader } from './journal/journal-reader.ts'
import { journalTableRows } from './lmdb-reader.ts'
import { decode } from './rows/codec.ts'
import { readRowHashes } from './rows/journal-row.ts'
import { positionNote } from './rows/position-note.ts'
import { noteKey, readOutboxKey } from './rows/row-keys.ts'
import { sinksOf } from './sinks-of.ts'
import type { JournalRow } from './store.ts'

/**
 * Position of the newest turn that the store in folder `path`, open as `environment`, has anything of; 0 when
 * it has none. A checkpoint notes the next one; what else was committed is in the journal, or shows in the
 * keys of the outbox.
 */
export const lastPosition = (path: string, { journal, outbox, notes }: Environment): number => {
  let last = 0
  const take = (position: number): void => {
    last = Math.max(last, position)
  }
  const takeRow = ({ position, bytes }: JournalRow): void => take(position + readRowHashes(bytes).length - 1)
  const next = notes.get(noteKey(positionNote))
  if (next) take(decode<number>(next) - 1)
  if (journal) for (const row of journalTableRows(journal, 0)) takeRow(row)
  for (const record of new JournalReader(path).records()) {
    for (const row of record.rows) takeRow(row)
    for (const { position } of record.outbox) take(position)
  }
  for (const { range } of sinksOf({ outbox })) {
    const row = outbox.last(range)
    if (row) take(readOutboxKey(row.key).position)
  }
  return last
}
