import { copyFileSync, renameSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { openStoreReadOnly } from '../lmdb-reader.ts'
import { lmdbStore } from '../lmdb-store.ts'
import { StoreDamaged } from '../rows/frame.ts'
import { noteKey } from '../rows/row-keys.ts'
import { writeMark } from './closing-mark.ts'
import { Databases } from './databases.ts'
import { lastTransaction, openForWriting } from './environment.ts'
import { RowBatch } from './row-batch.ts'
import { FormatNotKnown, storeFormat } from './store-format.ts'
import { type FormatUpgrade, formatUpgrades, upgradeFormat } from './upgrade-format.ts'

const rewrite = async (path: string, fact: string, value: string | undefined): Promise<void> => {
  const { root, facts } = openForWriting(path)
  const key = noteKey(fact)
  if (value === undefined) await facts.database.remove(key)
  else {
    const batch = new RowBatch()
    batch.begin(1_024)
    batch.add(facts, (target, start) => start + key.copy(target, start), Buffer.from(value))
    await root.batch(() => batch.put())
  }
  await root.close()
}

const madeStore = async (): Promise<string> => {
  const path = temporaryFolder()
  await lmdbStore(path).close()
  return path
}

test('a new store is named by its epoch, and each has its own', async () => {
  const epochs = new Set<string>()
  for (let i = 0; i < 3; i++) {
    const store = lmdbStore(temporaryFolder())
    epochs.add(store.epoch)
    await store.close()
  }
  expect(epochs.size).toBe(3)
  const named = lmdbStore(temporaryFolder(), { newEpoch: () => 'first' })
  expect(named.epoch).toBe('first')
  await named.close()
})

test('a store written by a newer tidemark is refused in words', async () => {
  const path = await madeStore()
  await rewrite(path, 'format', String(storeFormat + 1))
  expect(() => lmdbStore(path)).toThrow(FormatNotKnown)
  expect(() => openStoreReadOnly(path)).toThrow(
    /written in format 5, and this tidemark reads up to 4; install/,
  )
})

test('a store that lost its epoch is refused, and not given another', async () => {
  const path = await madeStore()
  await rewrite(path, 'epoch', undefined)
  expect(() => lmdbStore(path)).toThrow(StoreDamaged)
})

test('a data file older or shorter than at its last clean close is refused', async () => {
  const path = temporaryFolder()
  const [file, old] = [join(path, 'data.mdb'), join(path, 'old.mdb')]
  const store = lmdbStore(path)
  copyFileSync(file, old)
  await store.checkpoint({ states: [], notes: new Map([['note', Buffer.from('a')]]) })
  await store.close()
  const { size } = statSync(file)
  renameSync(old, file)
  expect(() => lmdbStore(path)).toThrow(/the data file has \d+ bytes and had \d+; restore/)
  truncateSync(file, size)
  expect(() => lmdbStore(path)).toThrow(/closed after transaction \d+, and the data file ends at \d+/)
})

test('there is one upgrade for every format before this one', () => {
  expect(formatUpgrades.map(({ from }) => from)).toEqual(
    Array.from({ length: storeFormat - 1 }, (_, index) => index + 1),
  )
})

test('a store of an earlier format is brought up step by step, and a step that throws leaves nothing', async () => {
  const path = await madeStore()
  const { root } = openForWriting(path)
  const databases = new Databases(path, root)
  const facts = databases.open('facts')
  const done: string[] = []
  const step = (from: number): FormatUpgrade => ({
    from,
    prepare: () => void done.push(`prepare ${from}`),
    apply: () => void done.push(`apply ${from}`),
  })
  upgradeFormat(databases, path, 2, {}, [step(1), step(2), step(3)])
  expect(done).toEqual(['prepare 2', 'apply 2', 'prepare 3', 'apply 3'])
  expect(Buffer.from(facts.get(noteKey('format')) ?? []).toString()).toBe('4')
  const broken: FormatUpgrade = {
    from: 4,
    apply() {
      void facts.database.remove(noteKey('epoch'))
      throw new Error('broken step')
    },
  }
  expect(() => upgradeFormat(databases, path, 4, {}, [broken])).toThrow('broken step')
  expect(Buffer.from(facts.get(noteKey('format')) ?? []).toString()).toBe('4')
  expect(facts.get(noteKey('epoch'))).toBeDefined()
  await root.close()
})

test('a store that was closed before there were due rows opens', async () => {
  const path = await madeStore()
  const environment = openForWriting(path)
  await environment.due?.database.drop()
  const transaction = lastTransaction(environment)
  await environment.root.close()
  writeMark(path, { transaction, bytes: statSync(join(path, 'data.mdb')).size })
  const store = lmdbStore(path)
  expect(store.readDue('stage', undefined, 1, 1)).toEqual([])
  await store.close()
})
