import pc from 'picocolors'
import { expect, test } from 'vitest'
import type { Anomaly } from '../../devices/wire/anomaly.ts'
import { episodeLine } from './episode-line.ts'

const time = new Date(2026, 0, 5, 9, 12, 44).getTime()
const anomaly: Anomaly = {
  device: 'press-7',
  metric: 'temperature',
  phase: 'opened',
  status: 'provisional',
  time,
  since: time,
  value: 84.31,
  score: 18.44,
  detector: 'reading',
  baseline: { mean: 71.4, standardDeviation: 0.7, count: 1_800 },
  window: { start: time, end: time },
}
const line = (change: Partial<Anomaly>): string =>
  episodeLine({ ...anomaly, ...change }, pc.createColors(false))

test('an opening says what, how much, what is usual and how sure', () => {
  expect(line({})).toBe(
    '09:12:44  press-7 temperature is 84.31, usually 70.00 to 72.80: 18.4 standard deviations above; provisional',
  )
})

test('a mean of a minute says so, and a low value is below', () => {
  expect(line({ detector: 'minute', score: -3, status: 'confirmed' })).toMatch(
    /temperature averaged over a minute is .* 3\.0 standard deviations below; confirmed$/,
  )
})

test('a closing says how long it took', () => {
  expect(line({ phase: 'closed', status: 'confirmed', since: time - 200_000 })).toMatch(
    /; closed after 3 min$/,
  )
})

test('a constant signal has no spread, and an endless score is cut short', () => {
  expect(line({ baseline: { mean: 5, standardDeviation: 0, count: 9 }, score: 1e9 })).toContain(
    'usually 5.00 to 5.00: over 100 standard deviations',
  )
})

test('a device name cannot command the terminal', () => {
  expect(line({ device: 'a\u001b[2Jb\n' })).toContain('a\uFFFD[2Jb\uFFFD temperature')
})
