import { expect, test } from 'vitest'
import { epochAt, sharedUpTo } from './lineage.ts'

const a = { epoch: 'a' }
const b = { epoch: 'b', ancestors: [{ epoch: 'a', upTo: 5 }] }
const c = { epoch: 'c', ancestors: [...b.ancestors, { epoch: 'b', upTo: 9 }] }
const d = {
  epoch: 'd',
  ancestors: [
    { epoch: 'a', upTo: 7 },
    { epoch: 'b', upTo: 5 },
  ],
}

test('a position is named by the store that took its turn, and one that was only replaced names none', () => {
  expect([1, 5, 6, 9, 10].map((position) => epochAt(c, position))).toEqual(['a', 'a', 'b', 'b', 'c'])
  expect([5, 6, 7, 8].map((position) => epochAt(d, position))).toEqual(['a', 'a', 'a', 'd'])
})

test('two stores have in common what was written before one of them was restored', () => {
  expect(sharedUpTo(a, b, 20)).toBe(5)
  expect(sharedUpTo(b, c, 20)).toBe(9)
  expect(sharedUpTo(b, c, 7)).toBe(7)
  expect(sharedUpTo(d, c, 20)).toBe(5)
  expect(sharedUpTo(b, b, 12)).toBe(12)
  expect(sharedUpTo(a, { epoch: 'stranger' }, 20)).toBe(0)
})
