import pc from 'picocolors'
import { expect, test } from 'vitest'
import { dayLines } from './day-lines.ts'

const day = (date: number, hour: number): number => new Date(2026, 0, date, hour).getTime()

test('a date is said where it changes, and that of today only after another', () => {
  const withDay = dayLines(day(9, 12), pc.createColors(false))
  expect(withDay(day(7, 9), 'a')).toBe('7 January 2026\na')
  expect(withDay(day(7, 23), 'b')).toBe('b')
  expect(withDay(day(9, 1), 'c')).toBe('9 January 2026\nc')
  expect(withDay(day(9, 2), 'd')).toBe('d')
  expect(dayLines(day(9, 12), pc.createColors(false))(day(9, 1), 'e')).toBe('e')
})
