import { expect, test } from 'vitest'
import { surprise } from './surprise.ts'

/**
 * Quantiles of Student's t from published tables: degrees of freedom, t, and the normal deviate as probable.
 */
const table: [number, number, number][] = [
  [4, 4.604, 2.576],
  [10, 3.169, 2.576],
  [10, 4.587, 3.291],
  [30, 3.646, 3.291],
  [120, 3.373, 3.291],
]

test('a distance is as surprising as the t distribution says', () => {
  for (const [freedom, t, deviate] of table) {
    const count = freedom + 1
    const distance = t * Math.sqrt(1 + 1 / count)
    expect(surprise(distance, count) / deviate).toBeCloseTo(1, 1.5)
    expect(surprise(-distance, count)).toBe(-surprise(distance, count))
  }
})

test('with many values a distance is worth what it says, with few less', () => {
  expect(surprise(6, 1e6)).toBeCloseTo(6, 3)
  expect(surprise(6, 10)).toBeLessThan(4)
})
