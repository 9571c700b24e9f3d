import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { JournalTail } from './journal-tail.ts'
import { lmdbStore } from './lmdb-store.ts'
import { OpenJournalRow } from './rows/journal-row.ts'
import { keyHash } from './rows/key-hash.ts'
import type { JournalRow } from './store.ts'

const hash = keyHash('ann')

/** A row with an event of ann at each position from `first` on. */
const rowOf = (first: number, entries: number): JournalRow => {
  const row = new OpenJournalRow(first)
  for (let index = 0; index < entries; index++) {
    const entry = { stage: 's', actor: 'ann', kind: 'event', verdict: 'accepted', arrival: 0 } as const
    row.append({ ...entry, hash, event: first + index })
  }
  return row.encode()
}

test('a row that a checkpoint has just covered is left out, though the tail was not trimmed yet', async () => {
  const store = lmdbStore(temporaryFolder())
  await store.commit({ journal: [rowOf(1, 3), rowOf(4, 2)] })
  const tail = new JournalTail(store)
  const positions = (from: number): number[] =>
    [...tail.entriesOf(hash, from)].map(({ position }) => position)
  expect(positions(2)).toEqual([2, 3, 4, 5])
  await store.checkpoint({ states: [], trimJournalBefore: 4 })
  expect(positions(2)).toEqual([4, 5])
  tail.trimTo(4)
  expect([tail.start, positions(1)]).toEqual([4, [4, 5]])
  await store.close()
})
