import { existsSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readProof, writeNumber } from '../../../test/faults/store/numbered-commit.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { finished, lineFrom, spawnTypeScript } from '../../../test/support/typescript-child.ts'
import { openForWriting } from '../environment/environment.ts'
import { StoreInUse } from '../environment/writer-lock.ts'
import { epochAt } from '../lineage.ts'
import { openStoreReadOnly } from '../lmdb-reader.ts'
import { lmdbStore } from '../lmdb-store.ts'
import { StoreDamaged } from '../rows/frame.ts'
import { backupStore } from './backup-store.ts'
import type { CopyProgress } from './copy-store.ts'
import { restoreStore } from './restore-store.ts'

const writer = new URL('../../../test/faults/store/commit-forever.ts', import.meta.url)

/** A folder with a store at `store` that holds commits up to `number`. */
async function written(number: number) {
  const folder = temporaryFolder()
  const at = (name: string): string => join(folder, name)
  await commits(at('store'), 1, number)
  return { folder, at }
}

const commits = async (path: string, from: number, to: number): Promise<void> => {
  const store = lmdbStore(path)
  for (let n = from; n <= to; n++) await writeNumber(store, n, 500)
  await store.close()
}

/** The journal of a copy is read after its tables, and may be further. */
const proofOf = async (path: string): Promise<number> => {
  const store = lmdbStore(path)
  try {
    return readProof(store, Number.POSITIVE_INFINITY).number
  } finally {
    await store.close()
  }
}

describe('a backup', () => {
  test('made while another process writes is all of one moment, each time', async () => {
    const folder = temporaryFolder()
    const child = spawnTypeScript(writer, [join(folder, 'store'), '3000'])
    const end = finished(child)
    await lineFrom(child, '20')
    const numbers: number[] = []
    for (let round = 1; round <= 5; round++) {
      const { path, position, rows } = await backupStore(
        join(folder, 'store'),
        join(folder, `backup-${round}`),
      )
      expect(rows).toBeGreaterThan(20)
      expect(await proofOf(path)).toBe(position)
      numbers.push(position)
    }
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    child.kill('SIGKILL')
    const flushed = Number((await end).stdout.trimEnd().split('\n').at(-1))
    expect(numbers[4]).toBeGreaterThan(numbers[0] as number)
    expect(numbers[4]).toBeLessThanOrEqual(flushed + 1)
    expect(await proofOf(join(folder, 'store'))).toBeGreaterThanOrEqual(flushed)
  })

  test('is one folder that only its owner may read, and says how far it got', async () => {
    const { at } = await written(30)
    const steps: CopyProgress[] = []
    const onProgress = (progress: CopyProgress): void => void steps.push(progress)
    const { rows, bytes } = await backupStore(at('store'), at('backup'), { onProgress })
    expect(readdirSync(at('backup')).sort()).toEqual([
      'closed-at',
      'data.mdb',
      'journal-0000000000000001.log',
    ])
    expect(statSync(at('backup')).mode & 0o777).toBe(0o700)
    expect(statSync(join(at('backup'), 'data.mdb'))).toMatchObject({ size: bytes })
    expect(statSync(join(at('backup'), 'data.mdb')).mode & 0o777).toBe(0o600)
    expect(steps.at(0)).toMatchObject({ step: 'copying', bytes: 0 })
    expect(steps.at(-1)).toEqual({ step: 'checking', rows })
  })

  test('of a store whose journal is not whole is refused, and leaves nothing behind', async () => {
    const { folder, at } = await written(3)
    rmSync(join(at('store'), 'journal-0000000000000001.log'))
    await expect(backupStore(at('store'), at('backup'))).rejects.toThrow(
      /beginning of its journal is missing/,
    )
    expect(readdirSync(folder)).toEqual(['store'])
  })

  test('leaves out the pages that hold nothing', async () => {
    const { at } = await written(400)
    const { bytes } = await backupStore(at('store'), at('backup'))
    expect(bytes).toBeLessThan(statSync(join(at('store'), 'data.mdb')).size)
  })

  test('takes along databases that this version does not know', async () => {
    const { at } = await written(3)
    const environment = openForWriting(at('store'))
    const later = environment.root.openDB({ name: 'later', encoding: 'binary' })
    const key = Buffer.from('key')
    await later?.put(key, Buffer.from('value'))
    await environment.root.close()
    await backupStore(at('store'), at('backup'))
    const copy = openForWriting(at('backup'))
    expect(copy.others.map(({ name }) => name)).toEqual(['later'])
    expect(copy.others[0]?.database.getBinary(key)).toEqual(Buffer.from('value'))
    await copy.root.close()
  })

  test('overwrites nothing, and with force an earlier backup only', async () => {
    const { at } = await written(3)
    await backupStore(at('store'), at('backup'))
    await expect(backupStore(at('store'), at('backup'))).rejects.toThrow(/there is one already; .* --force/)
    await commits(at('store'), 4, 5)
    await backupStore(at('store'), at('backup'), { force: true })
    expect(await proofOf(at('backup'))).toBe(5)
    mkdirSync(at('letters'))
    writeFileSync(join(at('letters'), 'dear.txt'), 'Dear')
    await expect(backupStore(at('store'), at('letters'), { force: true })).rejects.toThrow(/is no backup/)
    await expect(backupStore(at('store'), join(at('store'), 'in'))).rejects.toThrow(/the store itself is in/)
    expect(readdirSync(at('letters'))).toEqual(['dear.txt'])
  })

  test('of a damaged store is refused, and leaves nothing behind', async () => {
    const { folder, at } = await written(3)
    const environment = openForWriting(at('store'))
    const [key] = environment.states.keys({ start: Uint8Array.of(0) }, 1)
    await environment.states.database.put(key as Uint8Array, Buffer.from('not what was written'))
    await environment.root.close()
    await expect(backupStore(at('store'), at('backup'))).rejects.toThrow(StoreDamaged)
    expect(readdirSync(folder)).toEqual(['store'])
  })
})

describe('a restored store', () => {
  test('goes on where the backup was, under an epoch of its own', async () => {
    const { at } = await written(10)
    const { epoch } = await backupStore(at('store'), at('backup'))
    const restored = await restoreStore(at('backup'), at('fresh'))
    expect(restored).toMatchObject({ position: 10, ancestors: [{ epoch, upTo: 10 }], setAside: undefined })
    expect(restored.epoch).not.toBe(epoch)
    expect(await proofOf(at('fresh'))).toBe(10)
    const reader = openStoreReadOnly(at('fresh'))
    expect([1, 10, 11].map((position) => epochAt(reader, position))).toEqual([epoch, epoch, restored.epoch])
    await reader.close()
    await commits(at('fresh'), 11, 12)
    expect(await proofOf(at('fresh'))).toBe(12)
  })

  test('knows all it came from when its own backup is restored', async () => {
    const { at } = await written(10)
    const first = await backupStore(at('store'), at('backup'))
    const second = await restoreStore(at('backup'), at('store'), { force: true })
    await commits(at('store'), 11, 15)
    await backupStore(at('store'), at('backup'), { force: true })
    const third = await restoreStore(at('backup'), at('store'), { force: true })
    expect(third.ancestors).toEqual([
      { epoch: first.epoch, upTo: 10 },
      { epoch: second.epoch, upTo: 15 },
    ])
    expect([10, 15, 16].map((position) => epochAt(third, position))).toEqual(
      [first, second, third].map(({ epoch }) => epoch),
    )
  })

  test('overwrites nothing: with force the store that was there is set aside, and followed', async () => {
    const { at } = await written(10)
    const { epoch } = await backupStore(at('store'), at('backup'))
    await commits(at('other'), 1, 3)
    await expect(restoreStore(at('backup'), at('other'))).rejects.toThrow(/a store already; .* --force/)
    const { setAside, ancestors } = await restoreStore(at('backup'), at('other'), { force: true })
    expect(setAside).toBe(at('other.replaced-1'))
    expect(await proofOf(at('other'))).toBe(10)
    expect(await proofOf(at('other.replaced-1'))).toBe(3)
    expect(ancestors).toMatchObject([{ epoch, upTo: 10 }, { upTo: 0 }])
  })

  test('is not put in the place of one that is being written', async () => {
    const { at } = await written(3)
    await backupStore(at('store'), at('backup'))
    const child = spawnTypeScript(writer, [at('busy')])
    const end = finished(child)
    await lineFrom(child, '5')
    await expect(restoreStore(at('backup'), at('busy'), { force: true })).rejects.toThrow(StoreInUse)
    child.kill('SIGKILL')
    await end
    expect(await proofOf(at('busy'))).toBeGreaterThanOrEqual(5)
  })

  test('is not made of a backup that was cut short, and what was there stays', async () => {
    const { at } = await written(30)
    await backupStore(at('store'), at('backup'))
    truncateSync(join(at('backup'), 'data.mdb'), 40_000)
    await expect(restoreStore(at('backup'), at('store'), { force: true })).rejects.toThrow(
      /the data file has 40000 bytes and had/,
    )
    expect(await proofOf(at('store'))).toBe(30)
    expect(existsSync(at('store.incoming'))).toBe(false)
  })

  test('is not made of a folder without a store', async () => {
    const { at } = await written(1)
    mkdirSync(at('empty'))
    await expect(restoreStore(at('empty'), at('fresh'))).rejects.toThrow(/no store there/)
  })
})
