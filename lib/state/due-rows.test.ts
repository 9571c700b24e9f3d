import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { openStoreReadOnly } from './lmdb-reader.ts'
import { lmdbStore } from './lmdb-store.ts'
import type { Checkpoint, Due, DueMove } from './store.ts'

const never = Number.POSITIVE_INFINITY
const nothing: Checkpoint = { states: [] }
const at = (time: number, actor: string, stage = 'actors'): DueMove => ({
  stage,
  actor,
  from: never,
  to: time,
})
const seen = (due: readonly Due[]): string[] => due.map(({ time, actor }) => `${actor} ${time}`)

test('due rows come in the order of their times, up to a moment and after the last one read', async () => {
  const path = temporaryFolder()
  const store = lmdbStore(path)
  await store.checkpoint({
    ...nothing,
    due: [at(2 ** 40 + 1, 'ann'), at(300, 'bob'), at(2 ** 32, 'cas'), at(300, 'a\0'), at(1, 'dan', 'other')],
  })
  const all = ['a\0 300', 'bob 300', 'cas 4294967296', 'ann 1099511627777']
  expect(seen(store.readDue('actors', undefined, never, 9))).toEqual(all)
  expect(seen(store.readDue('actors', undefined, 300, 9))).toEqual(['a\0 300', 'bob 300'])
  expect(seen(store.readDue('actors', undefined, 299.9, 9))).toEqual([])
  const [first] = store.readDue('actors', undefined, never, 1)
  expect(seen(store.readDue('actors', first, never, 2))).toEqual(['bob 300', 'cas 4294967296'])
  await store.close()
  const reader = openStoreReadOnly(path)
  expect(seen(reader.readDue('other', undefined, never, 9))).toEqual(['dan 1'])
  await reader.close()
})

test('an actor is due when the last commit said, and no more when it said never', async () => {
  const store = lmdbStore(temporaryFolder())
  const move = (from: number, to: number): DueMove => ({ stage: 'actors', actor: 'ann', from, to })
  await store.checkpoint({ ...nothing, due: [move(never, 10)] })
  await store.checkpoint({ ...nothing, due: [move(10, 20)] })
  expect(seen(store.readDue('actors', undefined, never, 9))).toEqual(['ann 20'])
  await store.checkpoint({ ...nothing, due: [move(10, never), move(20, never)] })
  expect(seen(store.readDue('actors', undefined, never, 9))).toEqual([])
  await store.close()
})

test('a row that one move removes and another puts in the same commit stays', async () => {
  const store = lmdbStore(temporaryFolder())
  const ann = { stage: 'actors', actor: 'ann' }
  await store.checkpoint({
    ...nothing,
    due: [
      { ...ann, from: never, to: 10 },
      { ...ann, from: 10, to: never },
    ],
  })
  expect(seen(store.readDue('actors', undefined, never, 9))).toEqual(['ann 10'])
  await store.close()
})
