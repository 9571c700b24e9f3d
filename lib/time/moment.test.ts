import { expect, test } from 'vitest'
import { moment } from './moment.ts'

test('a moment is said with its date, as far as calendars reach', () => {
  expect(moment(0)).toBe('0 (1970-01-01T00:00:00.000Z)')
  expect(moment(-8.64e15)).toBe('-8640000000000000 (-271821-04-20T00:00:00.000Z)')
  expect(moment(8.65e15)).toBe('8650000000000000')
  expect(moment(Number.NEGATIVE_INFINITY)).toBe('-Infinity')
})
