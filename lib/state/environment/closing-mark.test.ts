import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readProof, writeNumber } from '../../../test/faults/store/numbered-commit.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { backupStore } from '../copies/backup-store.ts'
import { lmdbStore } from '../lmdb-store.ts'
import { readMark, writeMark } from './closing-mark.ts'

/** A store that was closed, and its journal file. */
const closedStore = async () => {
  const path = join(temporaryFolder(), 'store')
  const store = lmdbStore(path)
  for (let n = 1; n <= 5; n++) await writeNumber(store, n, 100)
  await store.close()
  const [journal] = readdirSync(path).filter((name) => name.endsWith('.log'))
  return { path, journal: join(path, journal!) }
}

test('a closed store whose journal lost its end is refused, each time, and not copied', async () => {
  const { path, journal } = await closedStore()
  truncateSync(journal, statSync(journal).size - 5)
  const fault = /the journal was closed at byte \d+ of journal-\d+\.log, and ends at byte \d+.*restore/
  expect(() => lmdbStore(path)).toThrow(fault)
  expect(() => lmdbStore(path)).toThrow(fault)
  await expect(backupStore(path, join(path, '../backup'))).rejects.toThrow(/its journal/)
})

test('a closed store whose journal is gone is refused, until its mark is removed or it is back', async () => {
  const { path, journal } = await closedStore()
  writeFileSync(journal, '')
  expect(() => lmdbStore(path)).toThrow(/ends at byte 0 of .*remove "closed-at" there/)
  rmSync(journal)
  expect(() => lmdbStore(path)).toThrow(/and is gone.*remove "closed-at" there/)
})

test('a mark that names no journal, as earlier ones do, lets the store open', async () => {
  const { path } = await closedStore()
  const { transaction, bytes } = readMark(path)!
  writeMark(path, { transaction, bytes })
  expect(readMark(path)).toEqual({ transaction, bytes, journal: undefined })
  const store = lmdbStore(path)
  expect(readProof(store)).toEqual({ number: 5 })
  await store.close()
})
