import pc from 'picocolors'
import { expect, test } from 'vitest'
import { days, minutes } from '../lib/time/duration.ts'
import { deviceInWords } from './device-in-words.ts'

const now = new Date(2026, 0, 5, 9, 12, 44).getTime()
const vibration = {
  metric: 'vibration',
  value: 4.5612,
  readings: 1_428,
  waiting: 30,
  baseline: { mean: 3.138, standardDeviation: 0.1649, count: 1_398 },
}
const said = (lastSeen: number, metric: Partial<typeof vibration> = {}): string =>
  deviceInWords(
    { device: 'press-7', lastSeen, metrics: [{ ...vibration, ...metric }] },
    now,
    pc.createColors(false),
  )

test('a metric that has been learned says what is usual for it', () => {
  expect(said(now - minutes(5))).toBe('press-7  last seen 5 min ago\n  vibration 4.561  usually 2.81 to 3.47')
})

test('one that is being learned says how far it is, with what waits for its order', () => {
  const baseline = { mean: 4.5, standardDeviation: 0, count: 0 }
  expect(said(now, { waiting: 1, baseline })).toMatch(/ {2}learning: 1 of 120 readings$/)
  expect(said(now, { baseline: { ...baseline, count: 100 } })).toMatch(/: 120 of 120 readings$/)
  // It learns anew after a long silence, however many readings there were before.
  expect(said(now, { waiting: 3, baseline: { ...baseline, count: 7 } })).toMatch(/: 10 of 120 readings$/)
})

test('beyond two days a date says more than a length, and a time nobody trusts says nothing', () => {
  expect(said(now - days(2) + 1)).toContain('last seen 48 h 0 min ago')
  expect(said(new Date(2010, 4, 9, 12).getTime())).toContain('press-7  last seen 9 May 2010\n')
  expect(said(now + minutes(4))).toContain('last seen 0 s ago')
  expect(said(Number.NEGATIVE_INFINITY)).toContain('press-7  none of its times can be trusted\n')
})
