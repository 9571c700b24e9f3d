import { describe, expect, test } from 'vitest'
import { watchedDevice } from '../../bench/watched-device.ts'
import { randomFrom } from '../../lib/statistics/random.ts'
import { silence, tagged, verifyBehavior } from '../../lib/testing/index.ts'
import { days, minutes, seconds } from '../../lib/time/duration.ts'
import { late } from '../../lib/time/output-tag.ts'
import type { Anomaly } from '../wire/anomaly.ts'
import type { Reading } from '../wire/reading.ts'
import { watchDevice } from './watch-device.ts'

/** Reads one sensor every second, with noise of standard deviation 1 about 20, changed by `wrong`. */
function watch(length: number, wrong: (value: number, second: number) => number): Anomaly[] {
  const found: Anomaly[] = []
  const random = randomFrom(1)
  const take = watchedDevice('press-7', (anomaly) => found.push(anomaly))
  for (let second = 0; second < length / 1_000; second++) {
    const time = Date.UTC(2026, 0, 5) + second * 1_000
    const value = Math.round(wrong(20 + random.normal(), second) * 100) / 100
    take({ device: 'press-7', metric: 'power', value, time }, time)
  }
  return found
}

const brief = ({ detector, phase, status }: Anomaly): string => `${detector} ${phase} ${status}`

describe('watchDevice', () => {
  test('is silent about a healthy sensor', () => {
    expect(watch(minutes(60), (value) => value)).toEqual([])
  })

  test('reports a spike at once, and confirms and closes it behind the watermark', () => {
    const found = watch(minutes(30), (value, second) => (second === 1_500 ? value + 10 : value))
    const readings = found.filter(({ detector }) => detector === 'reading')
    expect(readings.map(brief)).toEqual([
      'reading opened provisional',
      'reading opened confirmed',
      'reading closed confirmed',
    ])
    expect(readings[0]).toMatchObject({ device: 'press-7', metric: 'power', since: readings[0]!.time })
    expect(readings[0]!.score).toBeGreaterThan(8)
    expect(readings[0]!.window).toEqual({ start: readings[0]!.time, end: readings[0]!.time })
  })

  test('finds a stuck sensor by its spread, which no single reading shows', () => {
    const found = watch(minutes(40), (value, second) => (second >= 1_500 && second < 2_100 ? 20.4 : value))
    expect(found.map(brief)).toEqual(['spread opened confirmed', 'spread closed confirmed'])
    expect(found[0]!.value).toBeLessThan(0.001)
    expect(found[0]!.baseline.mean).toBeCloseTo(1, 0)
    expect(found[0]!.window.end - found[0]!.window.start).toBe(minutes(1))
    expect(found[0]!.score).toBeLessThan(-6)
  })

  test('finds a shift too small for single readings by the mean of a minute', () => {
    const found = watch(minutes(60), (value, second) => (second >= 2_400 ? value + 1.2 : value))
    expect(found.map(brief)).toContain('minute opened confirmed')
    expect(found.map(brief)).not.toContain('reading opened confirmed')
  })
})

describe('watchDevice, in any order of arrival and restored between all readings', () => {
  const start = Date.UTC(2026, 0, 5)
  const random = randomFrom(1)
  const reading = (second: number, value: number): Reading => ({
    device: 'press-7',
    metric: 'power',
    value,
    time: start + seconds(second),
  })
  const learned = Array.from({ length: 150 }, (_, second) => reading(second, 20 + random.normal()))
  const spike = [150, 151, 152, 153].map((second) => reading(second, second === 152 ? 35 : 20))
  /** So far apart that each stays where it is. */
  const calm = Array.from({ length: 12 }, (_, index) => reading(190 + 40 * index, 20))
  const view = (anomaly: Anomaly): string => `${brief(anomaly)} ${(anomaly.time - start) / 1_000}`
  const confirmed = ({ status }: Anomaly): boolean => status === 'confirmed'

  test('confirms the same spike at the same moments', async () => {
    const verified = await verifyBehavior(watchDevice, {
      key: 'press-7',
      history: learned,
      given: [...spike, ...calm],
      orders: { within: seconds(30) },
      confirmed,
      view,
      expect: ['reading opened confirmed 152', 'reading closed confirmed 510'],
    })
    expect(verified.orders).toBe(24)
  })

  test('closes in a long silence what it has provisionally opened', async () => {
    await verifyBehavior(watchDevice, {
      key: 'press-7',
      history: learned,
      given: [...spike, silence(days(1))],
      view,
      expect: ['reading opened provisional 152', 'reading opened confirmed 152'],
    })
  })

  test('tells a reading that is later than the bound, and is not moved by it', async () => {
    const straggler = reading(151, 90)
    await verifyBehavior(watchDevice, {
      key: 'press-7',
      history: learned,
      given: [reading(190, 20), straggler, reading(191, 20)],
      view,
      expect: [tagged(late, straggler)],
    })
  })
})
