import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { StoreInspector } from '../lib/state/inspection/store-inspector.ts'
import { lmdbStore } from '../lib/state/lmdb-store.ts'
import { filesIn } from './source-files.ts'
import { coins } from './stores/coins.ts'
import { runCoins } from './stores/run-coins.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

/** Each holds 60 coins that its actors have saved, and 15 more that are in its journal alone. */
const kept = filesIn('test/stores', '.mdb.gz')

const unpacked = (file: string): string => {
  const path = join(temporaryFolder(), 'store')
  mkdirSync(path)
  writeFileSync(join(path, 'data.mdb'), gunzipSync(readFileSync(file)))
  return path
}

/** The outputs of all coins, taken by one process that was never stopped. */
const straight = async (count: number): Promise<string[]> => {
  const store = lmdbStore(temporaryFolder())
  try {
    return await runCoins(store, coins(0, count), { settled: true })
  } finally {
    await store.close()
  }
}

describe.each(kept)('the store kept in %s', (file) => {
  test('is read: its actors, its journal, its outbox', async () => {
    const inspector = new StoreInspector(unpacked(file))
    const before = (await straight(75)).length
    expect(inspector.inspect()).toMatchObject({
      epoch: 'kept',
      position: 75,
      stages: [{ stage: 'actors', actors: 3, rows: 12 }],
      journal: { entries: 15, oldest: { position: 61 }, newest: { position: 75 } },
      outboxes: [{ sink: 'coins', rows: before }],
    })
    expect(inspector.actor('ann').map(({ step, subkey }) => [step, subkey])).toEqual([
      ['order', ''],
      ['time', ''],
      ['windows', 'left'],
      ['windows', 'right'],
    ])
    await inspector.close()
  })

  test('goes on as if it had been written today', async () => {
    const store = lmdbStore(unpacked(file))
    const outbox = store.outbox('coins')
    const waiting = outbox.read(undefined, 1_000).map(({ bytes }) => Buffer.from(bytes).toString())
    const since = await runCoins(store, coins(75, 200), { settled: true })
    const all = await straight(200)
    expect(since).toEqual(all.slice(waiting.length))
    expect(waiting).toEqual(all.slice(0, waiting.length).map((line) => line.slice(line.indexOf(' ') + 1)))
    expect(outbox.count()).toBe(all.length)
    expect([...store.readJournal()]).toEqual([])
    await store.close()
  })
})

test('a store is kept for every format there has been', async () => {
  const store = lmdbStore(temporaryFolder())
  await store.close()
  expect(kept.length).toBeGreaterThan(0)
  expect(kept).toEqual(kept.map((_, index) => `test/stores/format-${index + 1}.mdb.gz`))
})
