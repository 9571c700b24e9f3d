import { expect, test } from 'vitest'
import { RecentNumbers } from './recent-numbers.ts'

test('the last numbers are known, and one added again counts as new', () => {
  const recent = new RecentNumbers(3)
  for (const number of [1, 2, 3, 1, 4]) recent.add(number)
  expect([1, 2, 3, 4, 5].filter((number) => recent.has(number))).toEqual([1, 3, 4])
})
