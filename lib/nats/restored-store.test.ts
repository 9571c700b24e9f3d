import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Alarm, alarmBench, upTo } from '../../test/support/alarm-bench.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { WrittenOutcomes } from '../../test/support/written-outcomes.ts'
import { backupStore } from '../state/copies/backup-store.ts'
import { restoreStore } from '../state/copies/restore-store.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import type { Store } from '../state/store.ts'
import { connectNats } from './connect-nats.ts'
import { toJetStream } from './to-jetstream.ts'

const bench = alarmBench()
const { alarms, eventually, numbers, pipeline, stored } = bench

/** Stops the pipeline where it stands, and closes its store. */
const end = async (pipe: ReturnType<typeof pipeline>, store: Store): Promise<void> => {
  pipe.subscription.unsubscribe()
  await store.close()
}

const folders = (): { store: string; backup: string } => {
  const folder = temporaryFolder()
  return { store: join(folder, 'store'), backup: join(folder, 'backup') }
}

/** What a process does that opens the store, publishes the alarms `from` to `to` and closes it again. */
const runUntilPublished = async (path: string, position: number, from: number, to: number) => {
  const store = lmdbStore(path)
  const pipe = pipeline(store, {}, position)
  await alarms(pipe, from, to)
  await eventually(() => expect(pipe.published).toHaveLength(to - from + 1))
  await end(pipe, store)
  return pipe
}

const ids = async (): Promise<string[]> => (await stored()).map(({ id }) => id)

test('a store restored from an older backup goes on behind what was published since, and uses no id again', async () => {
  const at = folders()
  await runUntilPublished(at.store, 1, 1, 10)
  await backupStore(at.store, at.backup)
  await runUntilPublished(at.store, 11, 11, 30)

  const { epoch, position } = await restoreStore(at.backup, at.store, { force: true })
  expect(position).toBe(10)
  const third = await runUntilPublished(at.store, position + 1, 1_011, 1_020)
  expect(await numbers()).toEqual([...upTo(30), ...upTo(1_020, 1_011)])
  const published = await ids()
  expect(new Set(published).size).toBe(40)
  expect(published.slice(30)).toEqual(upTo(20, 11).map((at) => `${epoch}-${at}-0`))
  expect(third.reports).toContainEqual(expect.objectContaining({ kind: 'restored' }))
})

test('what waited when the backup was made is published once, under the id it always had', async () => {
  const at = folders()
  const store = lmdbStore(at.store)
  const first = pipeline(store)
  await alarms(first, 1, 10)
  await eventually(() => expect(first.published).toHaveLength(10))
  first.subscription.unsubscribe()
  const nobody = await connectNats({ servers: '127.0.0.1:1', firstConnect: 'later' })
  onTestFinished(() => nobody.close())
  const waiting = new WrittenOutcomes<Alarm>(store, 11)
  const sink = toJetStream(nobody, { store, stream: 'alarms', subject: bench.subject })
  const silent = waiting.outcomes.pipe(sink).subscribe()
  await alarms({ source: waiting }, 11, 20)
  silent.unsubscribe()
  await store.close()
  await backupStore(at.store, at.backup)

  // The former store gets five of them out before it is lost; nobody has told the backup.
  const later = lmdbStore(at.store)
  const second = pipeline(later, { rowsInFlight: 1 }, 21)
  await eventually(() => expect(second.published.length).toBeGreaterThanOrEqual(5))
  await end(second, later)

  await restoreStore(at.backup, at.store, { force: true })
  const restored = lmdbStore(at.store)
  const third = pipeline(restored, {}, 21)
  await alarms(third, 21, 25)
  await eventually(async () => expect(await numbers()).toHaveLength(25))
  await end(third, restored)
  expect(await numbers()).toEqual(upTo(25))
  const messages = await stored()
  expect(messages.map(({ id }) => id)).toEqual([
    ...upTo(20).map((number) => `${store.epoch}-${number}-0`),
    ...upTo(25, 21).map((number) => `${restored.epoch}-${number}-0`),
  ])
  expect(messages.every(({ id, event }) => event['id'] === id)).toBe(true)
})

test('a store that was only believed lost is fenced off by the restored one', async () => {
  const at = folders()
  await runUntilPublished(at.store, 1, 1, 5)
  await backupStore(at.store, at.backup)
  const alive = lmdbStore(at.store)
  const running = pipeline(alive, {}, 6)
  await alarms(running, 6, 8)
  await eventually(() => expect(running.published).toHaveLength(3))

  const elsewhere = `${at.store}-elsewhere`
  await restoreStore(at.backup, elsewhere)
  const restored = lmdbStore(elsewhere)
  const taking = pipeline(restored, {}, 6)
  await alarms(taking, 106, 107)
  await eventually(() => expect(taking.published).toHaveLength(2))
  await alarms(running, 9, 9)
  await eventually(() =>
    expect(running.reports).toContainEqual(
      expect.objectContaining({
        kind: 'taken',
        message: expect.stringContaining(`written by store "${restored.epoch}"`),
      }),
    ),
  )
  await end(taking, restored)
  await end(running, alive)
  expect(await numbers()).toEqual([...upTo(8), 106, 107])
})

test('the same backup restored twice: the second goes on behind the first, which it replaces', async () => {
  const at = folders()
  await runUntilPublished(at.store, 1, 1, 5)
  await backupStore(at.store, at.backup)
  for (const round of [1, 2]) {
    const { position } = await restoreStore(at.backup, at.store, { force: true })
    await runUntilPublished(at.store, position + 1, round * 100 + 1, round * 100 + 3)
  }
  expect(await numbers()).toEqual([...upTo(5), 101, 102, 103, 201, 202, 203])
  expect(new Set(await ids()).size).toBe(11)
})
