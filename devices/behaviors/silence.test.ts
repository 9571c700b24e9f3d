import { describe, test } from 'vitest'
import { randomFrom } from '../../lib/statistics/random.ts'
import { rollingWelford } from '../../lib/statistics/rolling-welford.ts'
import { silence, verifyBehavior } from '../../lib/testing/index.ts'
import { days, minutes, seconds } from '../../lib/time/duration.ts'
import type { DeviceAbsence } from '../wire/absence.ts'
import type { Anomaly } from '../wire/anomaly.ts'
import type { Reading } from '../wire/reading.ts'
import { reportAbsence } from './report-absence.ts'
import { watchDevice } from './watch-device.ts'
import { watchDeviceWith } from './watch-device-with.ts'

const start = Date.UTC(2026, 0, 5)
const reading = (second: number, value: number): Reading => ({
  device: 'press-7',
  metric: 'power',
  value,
  time: start + seconds(second),
})
const random = randomFrom(1)
const history = Array.from({ length: 150 }, (_, second) => reading(second, 20 + random.normal()))
const spike = [150, 151, 152, 153].map((second) => reading(second, second === 152 ? 35 : 20))

const view = (event: Anomaly | DeviceAbsence): string =>
  'metric' in event
    ? `${event.detector} ${event.phase} ${event.status} ${(event.time - start) / 1_000}`
    : `${event.phase} since ${(event.since - start) / 1_000}`

describe('silence', () => {
  test('leaves what a rolling baseline found provisional, until it has lasted so long that all is closed', async () => {
    const rolling = watchDeviceWith({
      baselines: { lately: rollingWelford({ over: minutes(10) }) },
      baselineOf: () => 'lately',
    })
    await verifyBehavior(rolling, {
      key: 'press-7',
      history,
      given: [...spike, silence(minutes(2)), silence(days(1))],
      view,
      expect: ['reading opened provisional 152', 'reading opened confirmed 152'],
    })
  })

  test('is reported beside what the behavior finds, and so is its end', async () => {
    await verifyBehavior(reportAbsence(watchDevice, { warmUp: seconds(2) }), {
      key: 'press-7',
      history,
      given: [...spike, silence(minutes(2)), reading(600, 20), reading(601, 20)],
      view,
      expect: [
        'reading opened provisional 152',
        'absent since 153',
        'returned since 153',
        'reading opened confirmed 152',
      ],
    })
  })
})
