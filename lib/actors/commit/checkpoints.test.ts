import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StateWrite } from '../../state/store.ts'
import { type Checkpointed, Checkpoints, Dirt } from './checkpoints.ts'

class Item implements Checkpointed {
  readonly dirt = new Dirt()
  readonly group: number
  readonly rowOrder: string
  /** Last turn taken, and last turn saved. */
  turn = 0
  savedTurn = 0

  constructor(name: string, group = 0) {
    this.group = group
    this.rowOrder = name
  }

  takeRows(): readonly StateWrite[] {
    this.savedTurn = this.turn
    return [{ stage: 's', actor: this.rowOrder, step: 'x', subkey: '', bytes: new Uint8Array(100) }]
  }
}

const infinity = Number.POSITIVE_INFINITY
const pieceOf = (bytes: number, items = infinity) => ({ items, piece: { bytes, items } })
const everything = { bytes: 1_000, ...pieceOf(1_000), by: infinity, before: infinity }
const nothing = { ...everything, by: -1, before: -1 }
const namesOf = (items: readonly Checkpointed[]): string[] => items.map(({ rowOrder }) => rowOrder)

function flush(items: readonly Item[]): void {
  for (const { dirt } of items) dirt.isSaving = false
}

function checkpointsOf(...names: string[]): { checkpoints: Checkpoints; items: Item[] } {
  let now = 0
  const checkpoints = new Checkpoints({ monotonic: () => now })
  const items = names.map((name) => new Item(name))
  for (const [index, item] of items.entries()) {
    now = index
    checkpoints.mark(item, index + 1)
  }
  return { checkpoints, items }
}

describe('Checkpoints', () => {
  it('saves what is dirty in the order of its keys', () => {
    const { checkpoints } = checkpointsOf('c', 'a', 'b')
    expect(namesOf(checkpoints.slice(everything).items)).toEqual(['a', 'b', 'c'])
    expect(checkpoints.isEmpty).toBe(true)
  })

  it('saves the groups of keys one after the other', () => {
    const checkpoints = new Checkpoints({ monotonic: () => 0 })
    const items = [new Item('a', 2), new Item('c', 1), new Item('b', 1), new Item('d', 0)]
    for (const item of items) checkpoints.mark(item, 1)
    expect(namesOf(checkpoints.slice(everything).items)).toEqual(['d', 'b', 'c', 'a'])
  })

  it('bounds a piece in bytes and goes on where it stopped', () => {
    const { checkpoints } = checkpointsOf('c', 'a', 'b')
    expect(namesOf(checkpoints.slice({ ...everything, ...pieceOf(150) }).items)).toEqual(['a', 'b'])
    expect(namesOf(checkpoints.slice({ ...everything, ...pieceOf(150) }).items)).toEqual(['c'])
  })

  it('bounds a piece in items', () => {
    const { checkpoints } = checkpointsOf('c', 'a', 'b')
    expect(namesOf(checkpoints.slice({ ...everything, ...pieceOf(1_000, 2) }).items)).toEqual(['a', 'b'])
    expect(namesOf(checkpoints.slice({ ...everything, ...pieceOf(1_000, 2) }).items)).toEqual(['c'])
  })

  it('leaves alone what became dirty only lately', () => {
    const { checkpoints } = checkpointsOf('a', 'b', 'c')
    expect(namesOf(checkpoints.slice({ ...nothing, by: 1 }).items)).toEqual(['a', 'b'])
  })

  it('saves what became dirty long ago in turns, though it may be young', () => {
    const { checkpoints } = checkpointsOf('a', 'b', 'c')
    expect(namesOf(checkpoints.slice({ ...nothing, before: 3 }).items)).toEqual(['a', 'b'])
  })

  it('saves what is urged whatever its age', () => {
    const { checkpoints, items } = checkpointsOf('a', 'b', 'c')
    checkpoints.urge(items[2]!)
    expect(namesOf(checkpoints.slice(nothing).items)).toEqual(['c'])
  })

  it('takes a whole slice of what is urgent', () => {
    const { checkpoints, items } = checkpointsOf('a', 'b', 'c')
    for (const item of items) checkpoints.urge(item)
    expect(namesOf(checkpoints.slice({ ...nothing, ...pieceOf(1), items: 2 }).items)).toEqual(['a', 'b'])
  })

  it('takes nothing twice before it is flushed', () => {
    const { checkpoints, items } = checkpointsOf('a', 'b')
    checkpoints.slice(everything)
    checkpoints.mark(items[0]!, 3)
    checkpoints.urge(items[0]!)
    expect(namesOf(checkpoints.slice(everything).items)).toEqual([])
    items[0]!.dirt.isSaving = false
    expect(namesOf(checkpoints.slice(everything).items)).toEqual(['a'])
    expect(checkpoints.isEmpty).toBe(true)
  })

  it('knows nothing of a journal that has not been replayed', () => {
    const { checkpoints } = checkpointsOf('a')
    checkpoints.replayedBefore = 0.5
    expect(checkpoints.oldest()).toBe(0.5)
  })

  it('never takes a turn for saved that is not, in whatever order turns, slices and urges come', () => {
    const step = fc.record({
      item: fc.nat(5),
      action: fc.constantFrom('turn', 'turn', 'turn', 'belated', 'slice', 'flush', 'urge'),
      bytes: fc.nat(400),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const checkpoints = new Checkpoints({ monotonic: () => 0 })
        const items = Array.from({ length: 6 }, (_, index) => new Item(`item ${5 - index}`))
        const unsaved = new Map<Item, number>()
        let position = 1_000
        let replayed = 1
        for (const { item: index, action, bytes } of steps) {
          const item = items[index]!
          if (action === 'slice') {
            for (const saved of checkpoints.slice({ ...everything, ...pieceOf(bytes) }).items)
              unsaved.delete(saved as Item)
          } else if (action === 'flush') {
            flush(items)
          } else if (action === 'urge') {
            if (item.dirt.from !== 0) checkpoints.urge(item)
          } else {
            const at = action === 'belated' && item.turn < replayed ? replayed++ : position++
            item.turn = at
            if (!unsaved.has(item)) unsaved.set(item, at)
            checkpoints.mark(item, at)
          }
          const oldestUnsaved = Math.min(...unsaved.values())
          expect(checkpoints.oldest() ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(oldestUnsaved)
        }
        while (!checkpoints.isEmpty) {
          flush(items)
          checkpoints.slice({ ...everything, ...pieceOf(100) })
        }
        expect(checkpoints.oldest()).toBeUndefined()
        expect(items.every(({ turn, savedTurn }) => turn === savedTurn)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
