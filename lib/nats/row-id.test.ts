import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareKeys, parseRowId, rowId } from './row-id.ts'

const anyKey = fc.record({
  position: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  index: fc.nat({ max: 2 ** 31 }),
})

test('an id names its epoch, position and index', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((epoch) => !epoch.includes('\n')),
      anyKey,
      (epoch, key) => {
        expect(parseRowId(rowId(epoch, key))).toEqual({ epoch, key })
      },
    ),
  )
})

test.each(['', 'hello', 'a-1', '-1-1', 'a-b-1', 'a-1-', 'a-01-1', 'a-1-1.5', 'a-1--1'])(
  '%j is no id of a row',
  (id) => {
    expect(parseRowId(id)).toBeUndefined()
  },
)

test('rows are ordered by position, then by index', () => {
  const at = (position: number, index: number) => ({ position, index })
  expect([at(2, 0), at(1, 9), at(1, 10), at(10, 0)].sort(compareKeys)).toEqual([
    at(1, 9),
    at(1, 10),
    at(2, 0),
    at(10, 0),
  ])
  expect(compareKeys(at(3, 4), at(3, 4))).toBe(0)
})
