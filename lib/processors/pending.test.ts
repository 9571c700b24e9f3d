import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addPending,
  dropPending,
  noPending,
  type PendingValues,
  pendingTime,
  pendingValue,
} from './pending.ts'

const contentsOf = (pending: PendingValues): [number, number][] => {
  const copy = structuredClone(pending)
  const contents: [number, number][] = []
  for (; copy.length > 0; dropPending(copy)) contents.push([pendingTime(copy), pendingValue(copy)])
  return contents
}

test('whatever is added and dropped, it holds what a sorted list would', () => {
  const add = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 3 }))
  fc.assert(
    fc.property(fc.array(fc.option(add, { freq: 3 }), { maxLength: 300 }), (steps) => {
      const pending = noPending()
      const model: [number, number][] = []
      for (const step of steps) {
        if (step) {
          addPending(pending, ...step)
          model.push(step)
          model.sort(([time, value], [otherTime, otherValue]) => time - otherTime || value - otherValue)
        } else if (model.length > 0) {
          dropPending(pending)
          model.shift()
        }
        expect(pendingTime(pending)).toBe(model[0]?.[0] ?? Number.POSITIVE_INFINITY)
      }
      expect(contentsOf(pending)).toEqual(model)
    }),
  )
})

test('memory taken by a burst is given back', () => {
  const pending = noPending()
  for (let time = 0; time < 1_000; time++) addPending(pending, time, 0)
  const cellsInBurst = pending.cells.length
  while (pending.length > 3) dropPending(pending)
  expect(pending.cells.length).toBeLessThan(cellsInBurst / 8)
  expect(contentsOf(pending).map(([time]) => time)).toEqual([997, 998, 999])
})
