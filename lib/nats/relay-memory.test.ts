import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import type { Store } from '../state/store.ts'
import { virtualClock } from '../testing/virtual-clock.ts'
import { hours, minutes, seconds } from '../time/duration.ts'
import { decodeMark, markName } from './relay-mark.ts'
import { RelayMemory } from './relay-memory.ts'

const row = (position: number) => ({ position, index: 0 })
const confirmed = (position: number) => ({ created: 'then', key: row(position), sequence: position })

/** A store whose notes take as long as the test says. */
const slowToNote = (store: Store) => {
  let begun = (): void => {}
  let flush = (): void => {}
  const noting = new Promise<void>((resolve) => {
    begun = resolve
  })
  const allowed = new Promise<void>((resolve) => {
    flush = resolve
  })
  const writeNote: Store['writeNote'] = async (name, bytes) => {
    begun()
    await allowed
    await store.writeNote(name, bytes)
  }
  const slow: Store = Object.assign(Object.create(store), { writeNote })
  return { slow, noting, flush }
}

test('no row is deleted that the mark on the disk does not cover, however long it takes to write', async () => {
  const store = lmdbStore(temporaryFolder())
  const outbox = [1, 2].map((position) => ({ sink: 'sink', ...row(position), bytes: new Uint8Array(1) }))
  await store.commit({ journal: [], outbox })
  const clock = virtualClock()
  const { slow, noting, flush } = slowToNote(store)
  const memory = new RelayMemory({ store: slow, sink: 'sink', clock, syncInterval: 0, report: () => {} })

  memory.confirm(confirmed(1))
  clock.advance(seconds(1))
  await noting
  memory.confirm(confirmed(2))
  clock.advance(seconds(10))
  flush()
  await expect.poll(() => store.outbox('sink').count()).toBeLessThan(2)

  const left = store
    .outbox('sink')
    .read(undefined, 10)
    .map(({ position }) => position)
  expect(left).toEqual([2])
  expect(decodeMark(store.readNote(markName('sink'))!).key).toEqual(row(1))
  memory.stop()
  await store.close()
})

test('a row stays for as long as the server may need to sync it, though the time of day is set forward', async () => {
  const store = lmdbStore(temporaryFolder())
  const outbox = [{ sink: 'sink', ...row(1), bytes: new Uint8Array(1) }]
  await store.commit({ journal: [], outbox })
  const clock = virtualClock()
  const { slow, noting, flush } = slowToNote(store)
  flush()
  const syncInterval = minutes(2)
  const memory = new RelayMemory({ store: slow, sink: 'sink', clock, syncInterval, report: () => {} })
  const tidied = async (): Promise<void> => {
    await noting
    await store.writeNote('after it', new Uint8Array(1))
  }

  memory.confirm(confirmed(1))
  clock.set(hours(1))
  clock.advance(seconds(1))
  await tidied()
  clock.advance(seconds(60))
  await tidied()
  expect(store.outbox('sink').count()).toBe(1)
  await expect
    .poll(() => {
      clock.advance(seconds(61))
      return store.outbox('sink').count()
    })
    .toBe(0)
  memory.stop()
  await store.close()
})
