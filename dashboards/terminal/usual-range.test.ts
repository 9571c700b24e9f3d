import { expect, test } from 'vitest'
import { usualRange } from './usual-range.ts'

test('what is usual is told with as many digits as it has', () => {
  expect(usualRange({ mean: 3.138, standardDeviation: 0.1649 })).toBe('2.81 to 3.47')
  expect(usualRange({ mean: 1_013, standardDeviation: 45 })).toBe('923 to 1103')
  expect(usualRange({ mean: 5, standardDeviation: 0 })).toBe('5.00 to 5.00')
})
