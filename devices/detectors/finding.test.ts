import { expect, test } from 'vitest'
import { anomalyOf, type Finding } from './finding.ts'

const finding: Finding = {
  metric: 'power',
  detector: 'reading',
  phase: 'opened',
  status: 'provisional',
  time: 2_000,
  since: 1_000,
  value: 30,
  score: 5,
  baseline: { mean: 20, standardDeviation: 2, count: 100 },
}

test('a finding about a reading becomes an anomaly of that moment', () => {
  expect(anomalyOf('press-7', finding)).toEqual({
    device: 'press-7',
    ...finding,
    window: { start: 2_000, end: 2_000 },
  })
})

test('a finding about a minute names the minute', () => {
  const window = { start: 0, end: 60_000 }
  expect(anomalyOf('press-7', { ...finding, detector: 'minute', window })).toMatchObject({
    window,
    value: 30,
  })
})

test('a spread is told in the units of the metric, not as a logarithm', () => {
  const baseline = { mean: Math.log(2), standardDeviation: 0.1, count: 100 }
  const anomaly = anomalyOf('press-7', { ...finding, detector: 'spread', value: Math.log(6), baseline })
  expect(anomaly.value).toBeCloseTo(6)
  expect(anomaly.baseline.mean).toBeCloseTo(2)
  expect(anomaly.baseline.standardDeviation).toBeCloseTo(0.2)
  expect(anomaly.baseline.count).toBe(100)
})
