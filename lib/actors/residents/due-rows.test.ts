import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { DueRows } from './due-rows.ts'

it('due rows are taken once, and again from the row of an actor that has left memory', async () => {
  const store = lmdbStore(temporaryFolder())
  const put = (time: number, actor: string): Promise<void> => {
    const due = [{ stage: 's', actor, from: Number.POSITIVE_INFINITY, to: time }]
    return store.checkpoint({ states: [], due })
  }
  await put(100, 'dan')
  await put(200, 'bob')
  const rows = new DueRows(store, 's')
  const taken = (now: number): string[] => rows.take(now, 9).map(({ actor }) => actor)
  expect(taken(150)).toEqual(['dan'])
  // Its key group is an earlier one.
  await put(100, 'ann')
  await put(50, 'cas')
  expect(taken(300)).toEqual(['bob'])
  rows.leftBehind(250)
  expect(taken(300)).toEqual([])
  rows.leftBehind(100)
  expect(taken(300)).toEqual(['ann', 'dan', 'bob'])
  rows.leftBehind(50)
  expect(taken(60)).toEqual(['cas'])
  await store.close()
})
