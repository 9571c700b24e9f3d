import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { backupStore } from '../lib/state/copies/backup-store.ts'
import { restoreStore } from '../lib/state/copies/restore-store.ts'
import { FormatOutdated, storeFormat } from '../lib/state/environment/store-format.ts'
import { StoreInspector } from '../lib/state/inspection/store-inspector.ts'
import { openStoreReadOnly } from '../lib/state/lmdb-reader.ts'
import { lmdbStore } from '../lib/state/lmdb-store.ts'
import { minutes } from '../lib/time/duration.ts'
import { filesIn } from './source-files.ts'
import { coins } from './stores/coins.ts'
import { describeStore } from './stores/describe-store.ts'
import { unpackStore } from './stores/packed-store.ts'
import { runCoins } from './stores/run-coins.ts'
import { runWorkshop } from './stores/run-workshop.ts'
import { measurements, workshopNames } from './stores/workshop.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

test('a store is kept for every format before this one', () => {
  const formats = filesIn('test/stores', '.gz').map((file) => Number(/format-(\d+)/.exec(file)?.[1]))
  expect([...new Set(formats)]).toEqual(Array.from({ length: storeFormat - 1 }, (_, index) => index + 1))
})

/** Each holds 60 coins that its actors have saved, and 15 more that are in its journal alone. */
describe.each(filesIn('test/stores', '.mdb.gz'))('the store kept in %s', (file) => {
  const unpacked = (): string => {
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

  test('is read once it was opened: its actors, its journal, its outbox', async () => {
    const path = unpacked()
    await lmdbStore(path).close()
    const inspector = new StoreInspector(path)
    const before = (await straight(75)).length
    expect(inspector.inspect()).toMatchObject({
      epoch: 'kept',
      position: 75,
      stages: [{ stage: 'actors', actors: 3, rows: 15 }],
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
    const store = lmdbStore(unpacked())
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

const kept = [
  { name: 'format-3-stopped', at: 60, factor: 2 },
  { name: 'format-3-killed', at: 80, factor: 3 },
]

describe.each(kept)('the workshop kept in $name', ({ name, at, factor }) => {
  const unpacked = (): string => {
    const path = join(temporaryFolder(), 'store')
    unpackStore(`test/stores/${name}.store.gz`, path)
    return path
  }
  const described = (): unknown => JSON.parse(readFileSync(`test/stores/${name}.json`, 'utf8'))

  /** Measurements that were taken and are sent again, new ones, and silence until everything is closed. */
  const finish = async (workshop: ReturnType<typeof runWorkshop>): Promise<void> => {
    await workshop.send(measurements(at - 10, at), at - 10, true)
    await workshop.send(measurements(at, at + 40), at)
    await workshop.wait(minutes(24))
    await workshop.stop()
  }

  const textsOf = (store: ReturnType<typeof lmdbStore>): string[] =>
    workshopNames.sinks.flatMap((sink) =>
      store
        .outbox(sink)
        .read(undefined, 10_000)
        .map(({ bytes }) => `${sink} ${Buffer.from(bytes).toString()}`),
    )

  /** What one process puts out that is never stopped. */
  const straight = async (): Promise<string[]> => {
    const store = lmdbStore(temporaryFolder())
    const workshop = runWorkshop(store, { at: 0, factor: 2 })
    const changed = Math.min(at, 70)
    await workshop.send(measurements(0, changed), 0)
    if (factor !== 2) workshop.factors.next(factor)
    await workshop.send(measurements(changed, at), changed)
    await finish(workshop)
    const texts = textsOf(store)
    await store.close()
    return texts
  }

  test('holds what it held: states, due rows, outboxes and journal', async () => {
    expect(await describeStore(unpacked(), workshopNames)).toEqual(described())
  })

  test('goes on as if it had never been stopped, and takes nothing twice', async () => {
    const store = lmdbStore(unpacked())
    const workshop = runWorkshop(store, { at, factor })
    await finish(workshop)
    const all = await straight()
    expect(textsOf(store)).toEqual(all)
    const closed = all.filter((text) => text.startsWith('means c-silent'))
    expect(closed).toEqual([expect.stringContaining('"isFinal":true')])
    expect([...store.readJournal()]).toEqual([])
    for (const stage of workshopNames.stages) {
      expect(store.readDue(stage, undefined, Number.POSITIVE_INFINITY, 9)).toEqual([])
    }
    await store.close()
  })

  test('is backed up and restored as it is, and cannot be looked into before it is opened', async () => {
    const [path, folder] = [unpacked(), temporaryFolder()]
    expect(() => openStoreReadOnly(path)).toThrow(FormatOutdated)
    expect(() => new StoreInspector(path)).toThrow(
      /written in format 3, and this tidemark reads 4; start or drain/,
    )
    await backupStore(path, join(folder, 'backup'))
    await restoreStore(join(folder, 'backup'), join(folder, 'store'))
    expect(await describeStore(join(folder, 'store'), workshopNames)).toEqual(described())
  })
})
