import { expect, test } from 'vitest'
import { timeInWords } from './time-in-words.ts'

test('a moment is said with its date, as far as calendars reach', () => {
  expect(timeInWords(0)).toBe('0 (1970-01-01T00:00:00.000Z)')
  expect(timeInWords(-8.64e15)).toBe('-8640000000000000 (-271821-04-20T00:00:00.000Z)')
  expect(timeInWords(8.65e15)).toBe('8650000000000000')
  expect(timeInWords(Number.NEGATIVE_INFINITY)).toBe('-Infinity')
})
