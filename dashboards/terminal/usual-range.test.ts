import pc from 'picocolors'
import { expect, test } from 'vitest'
import type { Anomaly } from '../../devices/wire/anomaly.ts'
import { episodeLine } from './episode-line.ts'
import { usualRange } from './usual-range.ts'

test('what is usual is told with as many digits as it has', () => {
  expect(usualRange({ mean: 3.138, standardDeviation: 0.1649 })).toBe('2.81 to 3.47')
  expect(usualRange({ mean: 1_013, standardDeviation: 45 })).toBe('923 to 1103')
  expect(usualRange({ mean: 5, standardDeviation: 0 })).toBe('5.00 to 5.00')
})

test('an episode is told with the same words', () => {
  const anomaly: Anomaly = {
    device: 'press-7',
    metric: 'vibration',
    phase: 'opened',
    status: 'provisional',
    time: 0,
    since: 0,
    value: 4.56,
    score: 8.6,
    detector: 'reading',
    baseline: { mean: 3.138, standardDeviation: 0.1649, count: 1_398 },
    window: { start: 0, end: 0 },
  }
  expect(episodeLine(anomaly, pc.createColors(false))).toContain(`usually ${usualRange(anomaly.baseline)}`)
})
