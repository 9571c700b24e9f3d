import { describe, expect, test } from 'vitest'
import { RecordingStore } from '../../../test/support/recording-store.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { openStoreReadOnly } from '../lmdb-reader.ts'
import { lmdbStore } from '../lmdb-store.ts'
import { CommitFailed, type StateWrite, type Store } from '../store.ts'
import { StoreDamaged } from './frame.ts'
import { decodeStateRow, encodeStateRow, readRowVersion, type SavedState } from './state-row.ts'
import { StateShapes, shapesNote } from './state-shapes.ts'

const saved = (state: unknown): SavedState => ({ version: [1, 2, 3], state })

const moments = (count: number) => ({ count, mean: 20.5, m2: 1.25, history: [{ start: 1, end: 2 }] })

const row = (store: Store, actor: string, state: unknown): StateWrite => ({
  stage: 's',
  actor,
  step: 'x',
  subkey: '',
  bytes: encodeStateRow(saved(state), store.shapes),
})

const save = (store: Store, ...states: StateWrite[]): Promise<void> => store.checkpoint({ states })

describe('a row of state', () => {
  test('comes back as it was, its version also without the rest, and names no field', () => {
    const shapes = new StateShapes()
    for (const state of [moments(1), [moments(2), null, new Map([['a', moments(3)]])], 5, 'text', null]) {
      const bytes = encodeStateRow(saved(state), shapes)
      expect(decodeStateRow(bytes, shapes)).toEqual(saved(state))
      expect(readRowVersion(bytes, shapes)).toEqual([1, 2, 3])
      expect(Buffer.from(bytes).includes('mean')).toBe(false)
    }
  })

  test('names the fields of objects that are maps, so that devices cannot fill the table', () => {
    const shapes = new StateShapes()
    const wide = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`name ${index}`, index]))
    const bytes = encodeStateRow(saved(wide), shapes)
    expect(shapes.count).toBe(0)
    expect(decodeStateRow(bytes, new StateShapes()).state).toEqual(wide)
  })

  test('is kept whatever its shape, when the table is full', () => {
    const shapes = new StateShapes()
    const rows = Array.from({ length: 600 }, (_, index) => {
      const state = { [`field ${index}`]: index, inner: { [`other ${index}`]: [index] } }
      return { state, bytes: Buffer.from(encodeStateRow(saved(state), shapes)) }
    })
    expect(shapes.count).toBe(256)
    const { bytes } = shapes.unsaved!
    const reader = new StateShapes(() => bytes)
    for (const { state, bytes: encoded } of rows) {
      expect(decodeStateRow(encoded, shapes).state).toEqual(state)
      expect(decodeStateRow(encoded, reader).state).toEqual(state)
    }
  })
})

describe('the shapes of a store', () => {
  test('are on the disk with the rows that need them, and no sooner are they read by others', async () => {
    const folder = temporaryFolder()
    const store = lmdbStore(folder)
    await save(store, row(store, 'a', moments(1)))
    const reader = openStoreReadOnly(folder)
    expect(decodeStateRow(reader.readActor('s', 'a').states[0]!.bytes, reader.shapes).state).toEqual(
      moments(1),
    )
    await save(store, row(store, 'b', { later: 1 }))
    expect(decodeStateRow(reader.readActor('s', 'b').states[0]!.bytes, reader.shapes).state).toEqual({
      later: 1,
    })
    await reader.close()
    await store.close()
    const next = lmdbStore(folder)
    expect(next.shapes.unsaved).toBeUndefined()
    const before = next.shapes.count
    await save(next, row(next, 'c', moments(2)), row(next, 'd', { more: 1 }))
    expect(next.shapes.count).toBe(before + 1)
    expect(decodeStateRow(next.readActor('s', 'b').states[0]!.bytes, next.shapes).state).toEqual({ later: 1 })
    await next.close()
  })

  test('go with the next commit that is taken, when one is not', async () => {
    const folder = temporaryFolder()
    const store = new RecordingStore(lmdbStore(folder))
    store.failNext(1)
    const first = row(store, 'a', moments(1))
    await expect(save(store, first)).rejects.toThrow(CommitFailed)
    expect(store.readNote(shapesNote)).toBeUndefined()
    await save(store, first)
    expect(store.readNote(shapesNote)).toBeDefined()
    await store.close()
  })

  test('are missed in words', () => {
    const shapes = new StateShapes()
    const bytes = encodeStateRow(saved(moments(1)), shapes)
    expect(() => decodeStateRow(bytes, new StateShapes())).toThrow(StoreDamaged)
    expect(() => decodeStateRow(bytes, new StateShapes())).toThrow(
      'The note "state shapes" has 0 shapes, and a state was saved with 2. Restore the data folder',
    )
  })
})
