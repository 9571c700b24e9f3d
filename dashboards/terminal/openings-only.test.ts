import { expect, test } from 'vitest'
import type { Anomaly } from '../../devices/wire/anomaly.ts'
import { openingsOnly } from './openings-only.ts'

const change = (phase: Anomaly['phase'], status: Anomaly['status'], since: number): Anomaly => ({
  device: 'press-7',
  metric: 'temperature',
  phase,
  status,
  time: since + 5,
  since,
  value: 84,
  score: 18,
  detector: 'reading',
  baseline: { mean: 71, standardDeviation: 0.7, count: 1_800 },
  window: { start: since, end: since },
})

test('an episode passes once, whether it opens as provisional, confirmed, or both', () => {
  const passes = openingsOnly()
  const changes = [
    change('opened', 'provisional', 10),
    change('opened', 'confirmed', 10),
    change('updated', 'confirmed', 10),
    change('closed', 'confirmed', 10),
    change('opened', 'confirmed', 20),
    change('closed', 'confirmed', 20),
  ]
  expect(changes.filter(passes).map(({ since }) => since)).toEqual([10, 20])
})
