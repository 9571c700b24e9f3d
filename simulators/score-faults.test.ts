import { describe, expect, test } from 'vitest'
import type { Anomaly } from '../devices/wire/anomaly.ts'
import { minutes, seconds } from '../lib/time/duration.ts'
import type { Fault } from './fault.ts'
import { type Sighting, scoreFaults } from './score-faults.ts'

const fault = (device: string, start: number, kind: Fault['kind'] = 'shift'): Fault => ({
  device,
  metric: 'power',
  kind,
  start,
  end: start + minutes(5),
  size: 5,
})

const sighting = (device: string, at: number, change: Partial<Anomaly> = {}): Sighting => ({
  at,
  anomaly: {
    device,
    metric: 'power',
    phase: 'opened',
    status: 'provisional',
    time: at,
    since: at,
    value: 9,
    score: 9,
    detector: 'reading',
    baseline: { mean: 0, standardDeviation: 1, count: 100 },
    window: { start: at, end: at },
    ...change,
  },
})

const watched = { from: 0, until: minutes(60) }

describe('scoreFaults', () => {
  test('a fault is caught by the first episode of its sensor, and how fast is counted from its start', () => {
    const faults = [fault('a', seconds(60)), fault('b', seconds(60)), fault('c', seconds(60), 'stuck')]
    const seen = [sighting('a', seconds(63)), sighting('a', seconds(90)), sighting('b', seconds(71))]
    expect(scoreFaults(faults, seen, watched)).toMatchObject({
      faults: 3,
      caught: 2,
      caughtRatio: 2 / 3,
      medianSecondsToCatch: 11,
      falseAlarms: 0,
      byKind: {
        shift: { faults: 2, caught: 2, medianSecondsToCatch: 11 },
        stuck: { faults: 1, caught: 0, medianSecondsToCatch: 0 },
      },
    })
  })

  test('an episode of another sensor, or before or long after a fault, is a false alarm, once', () => {
    const faults = [fault('a', minutes(10))]
    const seen = [
      sighting('b', minutes(11)),
      sighting('b', minutes(12), { status: 'confirmed', since: minutes(11) }),
      sighting('a', minutes(11), { metric: 'pressure' }),
      sighting('a', minutes(9)),
      sighting('a', minutes(18)),
      sighting('a', minutes(17), { time: minutes(17), since: minutes(14) }),
    ]
    const score = scoreFaults(faults, seen, watched)
    expect(score).toMatchObject({ caught: 1, falseAlarms: 4 })
    expect(score.falseAlarmsPerMinute).toBeCloseTo(4 / 60)
  })

  test('updates and closings neither catch nor alarm', () => {
    const seen = [sighting('a', minutes(11), { phase: 'closed' }), sighting('b', 5, { phase: 'updated' })]
    expect(scoreFaults([fault('a', minutes(10))], seen, watched)).toMatchObject({ caught: 0, falseAlarms: 0 })
  })

  test('a fault that had no time to be seen does not count against the detector', () => {
    const faults = [fault('a', minutes(59)), fault('b', minutes(61)), fault('c', minutes(59))]
    const score = scoreFaults(faults, [sighting('c', minutes(59.5))], watched)
    expect(score).toMatchObject({ faults: 1, caught: 1, caughtRatio: 1 })
  })

  test('with nothing to catch nothing is missed', () => {
    expect(scoreFaults([], [], watched)).toMatchObject({ faults: 0, caughtRatio: 1, medianSecondsToCatch: 0 })
  })
})
