import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hours, minutes, seconds } from '../lib/time/duration.ts'
import { shown } from './bad-clock.ts'
import { faultKinds } from './fault.ts'
import { metrics } from './metric.ts'
import { disorder } from './outage.ts'
import { type PlantOptions, plant } from './plant.ts'
import { type Publish, payloadOf, topicOf } from './publish.ts'
import { simulatePlant } from './simulate-plant.ts'

const start = Date.UTC(2026, 0, 5)
const never = Number.POSITIVE_INFINITY
const calm = { start, machines: 10, faultEvery: never, outageEvery: never, badClockEvery: never }
const publishesOf = (options: PlantOptions): Publish[] => [...simulatePlant(plant(options))]

describe('simulatePlant', () => {
  test('gives the same publishes for a seed, bit for bit, on every machine', () => {
    const options = {
      start,
      machines: 12,
      duration: minutes(30),
      healthyFor: minutes(2),
      faultEvery: minutes(1),
      outageEvery: minutes(5),
      badClockEvery: minutes(5),
    }
    const hashOf = (burst: boolean): string => {
      const hash = createHash('sha256')
      for (const publish of publishesOf({ ...options, seed: 7, burst }))
        hash.update(topicOf(publish) + payloadOf(publish))
      return hash.digest('hex')
    }
    expect(hashOf(false)).toBe('0e9840df5438a2348cc7ea4cba03bbb76208ab343dd8d53af3bd99865a24d071')
    expect(hashOf(true)).toBe('adc1881ffeba16151a3cbbf7579320e624ad46c8a5840a99869ab452e1e9217a')
    expect(publishesOf({ ...options, seed: 8 })).not.toEqual(publishesOf({ ...options, seed: 7 }))
  })

  test('a publish is a JSON object of all metrics on the topic of its device', () => {
    const [first] = publishesOf({ ...calm, machines: 1, duration: seconds(1), burst: true })
    expect(topicOf(first!)).toBe('v1/line-001-machine-01')
    const payload = JSON.parse(payloadOf(first!))
    expect(payload).toEqual({
      time: start,
      temperature: expect.closeTo(62, -2),
      pressure: expect.closeTo(6, -1),
      vibration: expect.closeTo(3, -1),
      power: expect.closeTo(24, -2),
    })
  })

  test('machines read and publish at moments spread over the second, each always at its own', () => {
    const publishes = publishesOf({ ...calm, machines: 1_000, duration: seconds(3) })
    expect(publishes.map(({ at }) => at)).toEqual(publishes.map(({ at }) => at).sort((a, b) => a - b))
    const phases = new Map<string, Set<number>>()
    const busiest = new Array<number>(10).fill(0)
    for (const { device, at, time } of publishes) {
      expect(time).toBe(at)
      phases.set(device, (phases.get(device) ?? new Set()).add(at % 1_000))
      busiest[Math.floor((at % 1_000) / 100)]!++
    }
    expect([...phases.values()].every(({ size }) => size === 1)).toBe(true)
    expect(Math.max(...busiest)).toBeLessThan(1.3 * (publishes.length / 10))
  })

  test('all machines of a plant that bursts read and publish at the full second', () => {
    const publishes = publishesOf({ ...calm, duration: seconds(2), burst: true })
    expect(publishes.map(({ machine, at, time }) => [machine, at, time])).toEqual(
      [0, 1].flatMap((second) =>
        Array.from({ length: 10 }, (_, machine) => [machine, start + second * 1_000, start + second * 1_000]),
      ),
    )
  })

  test('every machine reads every second, with the spread it says it has', () => {
    const publishes = publishesOf({ ...calm, machines: 2, duration: hours(12) })
    expect(publishes).toHaveLength(2 * 12 * 3_600)
    for (const [index, metric] of metrics.entries()) {
      if (metric.daily > 0) continue
      const values = publishes.filter(({ machine }) => machine === 0).map(({ values }) => values[index]!)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
      const expected = metric.noise ** 2 * (1 + metric.load ** 2)
      expect(Math.sqrt(variance / expected)).toBeCloseTo(1, 0.5)
    }
  })

  test('machines of a line work hard together: their power goes up and down together', () => {
    const publishes = publishesOf({ ...calm, machines: 2, duration: hours(6) })
    const power = [0, 1].map((number) =>
      publishes.filter(({ machine }) => machine === number).map(({ values }) => values[3]!),
    )
    const means = power.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length)
    let [together, ...alone] = [0, 0, 0]
    for (let i = 0; i < power[0]!.length; i++) {
      const [a, b] = [power[0]![i]! - means[0]!, power[1]![i]! - means[1]!]
      together += a * b
      alone[0]! += a * a
      alone[1]! += b * b
    }
    expect(together / Math.sqrt(alone[0]! * alone[1]!)).toBeGreaterThan(0.05)
  })
})

describe('faults', () => {
  const options = { ...calm, seed: 3, duration: hours(2), healthyFor: minutes(10) }
  const sick = plant({ ...options, machines: 40, faultEvery: minutes(2) })
  const healthy = plant({ ...options, machines: 40 })

  test('change the readings of their sensor while they last, and no other reading', () => {
    const wrong = new Map(sick.faults.map((fault) => [fault, 0]))
    const twins = simulatePlant(healthy)
    for (const publish of simulatePlant(sick)) {
      const twin = twins.next().value as Publish
      for (const [index, { name }] of metrics.entries()) {
        const differs = publish.values[index] !== twin.values[index]
        if (!differs) continue
        const fault = sick.faults.find(
          ({ device, metric, start, end }) =>
            device === publish.device && metric === name && publish.time >= start && publish.time < end,
        )
        expect(fault).toBeDefined()
        wrong.set(fault!, wrong.get(fault!)! + 1)
      }
    }
    for (const [{ start, end }, readings] of wrong)
      expect(readings).toBeGreaterThan((0.9 * (end - start)) / 1_000 - 1)
  })

  test('are of every kind, begin after the healthy time, and never two at once on a sensor', () => {
    expect(new Set(sick.faults.map(({ kind }) => kind))).toEqual(new Set(faultKinds))
    for (const [index, fault] of sick.faults.entries()) {
      expect(fault.start).toBeGreaterThanOrEqual(start + minutes(10))
      expect(fault.end).toBeLessThanOrEqual(start + hours(2))
      const others = sick.faults
        .slice(index + 1)
        .filter(({ device, metric }) => device === fault.device && metric === fault.metric)
      for (const other of others) expect(other.start).toBeGreaterThan(fault.end)
    }
  })

  test('are none when none are wanted', () => {
    expect(healthy.faults).toEqual([])
    expect(healthy.outages).toEqual([])
    expect(healthy.badClocks).toEqual([])
  })
})

describe('outages', () => {
  const options = { ...calm, machines: 20, duration: minutes(40), healthyFor: 0, outageEvery: minutes(12) }

  test('lose nothing: what was read is sent when the line is back, out of order within bounds', () => {
    const scene = plant(options)
    const publishes = [...simulatePlant(scene)]
    expect(scene.outages.length).toBeGreaterThan(0)
    const byTime = (one: Publish, other: Publish) => one.time - other.time || one.machine - other.machine
    const unsent = publishes.map((publish) => ({ ...publish, at: publish.time })).sort(byTime)
    expect(unsent).toEqual(publishesOf({ ...options, outageEvery: never }).sort(byTime))

    const latest = new Map<string, number>()
    let overtaken = 0
    for (const { device, time, at } of publishes) {
      const before = latest.get(device) ?? 0
      if (time < before) overtaken++
      expect(before - time).toBeLessThanOrEqual(disorder)
      expect(at).toBeGreaterThanOrEqual(time)
      latest.set(device, Math.max(before, time))
    }
    expect(overtaken).toBeGreaterThan(100)
  })

  test('are silent until they end, for their line and no other', () => {
    const scene = plant(options)
    const { line, start: from, end } = scene.outages[0]!
    const inOutage = [...simulatePlant(scene)].filter(({ at }) => at >= from && at < end)
    expect(inOutage.length).toBeGreaterThan(0)
    expect(inOutage.every(({ machine }) => Math.floor(machine / 10) !== line)).toBe(true)
  })
})

test('bad clocks stamp a wrong time for five minutes and change nothing else', () => {
  const options = { ...calm, duration: minutes(50), healthyFor: 0 }
  const scene = plant({ ...options, badClockEvery: minutes(8) })
  expect(new Set(scene.badClocks.map(({ kind }) => kind)).size).toBe(4)
  const right = simulatePlant(plant(options))
  for (const publish of simulatePlant(scene)) {
    const twin = right.next().value as Publish
    const clock = scene.badClocks.findLast(
      ({ device, start, end }) => device === twin.device && twin.time >= start && twin.time < end,
    )
    expect(publish).toEqual({ ...twin, time: clock ? shown(clock, twin.time) : twin.time })
  }
})

test('a plant that cannot be is refused by name', () => {
  expect(() => plant({ start, machines: 0 })).toThrow(/machines must be 1 or more, got 0/)
  expect(() => plant({ start, faultEvery: 10 })).toThrow(/faultEvery must be a second or longer, got 10 ms/)
})
