import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Databases } from '../environment/databases.ts'
import { RowBatch } from '../environment/row-batch.ts'
import { syncFolder } from '../environment/sync-folder.ts'
import { encodeJournalNote, journalNote } from '../rows/journal-note.ts'
import { journalKey, noteKey, readPosition } from '../rows/row-keys.ts'
import type { JournalRow } from '../store.ts'
import { encodeRecord } from './journal-record.ts'
import { segmentHeader, segmentName, segmentsIn } from './segment-file.ts'

/**
 * Moves the journal of the store in folder `path` from its table into a file. To be called inside the
 * transaction that notes the new format: a crash before its end leaves the table, and the file is written
 * again.
 */
export const moveJournal = (databases: Databases, path: string): void => {
  const [journal, notes] = [databases.find('journal'), databases.open('notes')]
  for (const { file } of segmentsIn(path)) rmSync(join(path, file))
  if (!journal) return
  const rows: JournalRow[] = []
  for (const page of journal.pages({ start: journalKey(0) }, rowsAtOnce)) {
    for (const { key, bytes } of page) rows.push({ position: readPosition(key, 0), bytes })
  }
  const [firstRow] = rows
  if (!firstRow) return
  const file = openSync(join(path, segmentName(1)), 'w', 0o600)
  let applied = 0
  try {
    writeSync(file, segmentHeader(1))
    for (let at = 0; at < rows.length; at += rowsPerRecord) {
      const record = { rows: rows.slice(at, at + rowsPerRecord), outbox: [], notes: new Map() }
      writeSync(file, encodeRecord({ ...record, sequence: ++applied }))
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  syncFolder(path)
  for (const { position } of rows) void journal.database.remove(journalKey(position))
  const value = encodeJournalNote({ applied, start: firstRow.position, firstRow: firstRow.position })
  const key = noteKey(journalNote)
  const batch = new RowBatch()
  batch.begin(2 * key.length + value.length + 64)
  batch.add(notes, (target, start) => start + key.copy(target, start), value)
  batch.put()
}

const rowsAtOnce = 256
const rowsPerRecord = 4
