import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days } from '../../lib/time/duration.ts'
import { timestamp } from './timestamp.ts'

const arrival = Date.UTC(2026, 4, 5, 12)

test('a number is read in s, ms, µs or ns, whichever is plausible', () => {
  const times = fc.integer({ min: arrival - days(7_000), max: arrival + days(700) })
  fc.assert(
    fc.property(times, (time) => {
      expect(timestamp(time / 1_000, arrival)).toBeCloseTo(time, 2)
      expect(timestamp(time, arrival)).toBe(time)
      expect(timestamp(time * 1_000, arrival)).toBe(time)
      expect(timestamp(time * 1_000_000, arrival)).toBeCloseTo(time, 2)
    }),
  )
})

test('a number plausible in no unit stays what it is', () => {
  for (const stamp of [0, -1, 86_400_000, arrival * 31, arrival + days(1_000), 1e30])
    expect(timestamp(stamp, arrival), String(stamp)).toBe(stamp)
})

test('a clock one day ahead is still read as milliseconds', () => {
  expect(timestamp(arrival + days(1), arrival)).toBe(arrival + days(1))
})

test('ISO 8601 is read with and without zone, seconds and fractions', () => {
  expect(timestamp('2026-05-05T12:00:00Z', arrival)).toBe(arrival)
  expect(timestamp('2026-05-05T12:00:00', arrival)).toBe(arrival)
  expect(timestamp('2026-05-05 14:00+02:00', arrival)).toBe(arrival)
  expect(timestamp('2026-05-05T14:00:00+0200', arrival)).toBe(arrival)
  expect(timestamp('2026-05-05T12:00:00.123456789Z', arrival)).toBe(arrival + 123)
  expect(timestamp('2026-05-05', arrival)).toBe(Date.UTC(2026, 4, 5))
})

test('digits in quotes are read as the number', () => {
  expect(timestamp(String(arrival / 1_000), arrival)).toBe(arrival)
})

test('what is no time is none', () => {
  for (const stamp of [
    '',
    'now',
    '2026-13-45',
    '12:00',
    'x'.repeat(99),
    null,
    true,
    {},
    [],
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])
    expect(timestamp(stamp, arrival), String(stamp)).toBeUndefined()
})
