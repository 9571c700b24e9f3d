import { describe, expect, test } from 'vitest'
import { hours, minutes, seconds } from './duration.ts'
import { SharedClock } from './shared-clock.ts'
import { delivery, each, lastOf, never, now, run, year } from './shared-clock-run.fixture.ts'
import { boundedOutOfOrderness } from './watermark-policy.ts'

describe('watermarks of Flink', () => {
  test.each([
    { bound: 5_000, times: [10_000, 12_000, 11_000], watermark: 6_999 },
    { bound: 10, times: [12_345, 12_300, 12_340, 12_280], watermark: 12_334 },
    { bound: 0, times: [0, 0, 1], watermark: 0 },
    { bound: 5_000, times: [14_999, 14_999, 14_999, 15_000], watermark: 9_999 },
  ])('bound $bound, times $times: $watermark', ({ bound, times, watermark }) => {
    expect(lastOf(each(times), { bound })).toBe(watermark)
  })

  test.each([
    { bound: 5_000, times: [10_000, 12_000, 11_000], watermarks: [4_999, 6_999, 6_999] },
    { bound: 10, times: [1_337], watermarks: [1_326] },
    { bound: 10, times: [723_456], watermarks: [723_445] },
  ])('bound $bound, times $times: $watermarks when every event is trusted', (given) => {
    const { bound, times, watermarks } = given
    expect(run(each(times), { bound, maxJump: Number.POSITIVE_INFINITY }).watermarks).toEqual(watermarks)
  })
})

describe('a delivery', () => {
  test('whose policy asks for an earlier watermark leaves it where it is', () => {
    const untrusting = { create: () => null, observe: (_: null, time: number) => -time }
    const clock = new SharedClock(untrusting)
    const state = clock.create()
    for (const time of [1, 1, 1, 2, 3]) clock.observe(state, time, now, 0)
    expect(clock.endDelivery(state)).toBe(-1)
  })

  test('moves the watermark once all its events are handled', () => {
    const { clock, state } = run(each([1_000, 1_000, 1_000]))
    clock.observe(state, 2_000, now, 0)
    clock.observe(state, 5_000, now, 0)
    expect(state.watermark).toBe(999)
    expect(clock.endDelivery(state)).toBe(4_999)
  })

  test('without events moves nothing', () => {
    expect(run([...each([1_000, 1_000, 1_000]), delivery([])]).watermarks.at(-1)).toBe(999)
    expect(run([delivery([])]).watermarks).toEqual([never])
  })

  test('moves the clock to its arrival at the most', () => {
    expect(lastOf([...each([now, now, now]), delivery([now + seconds(90)], now + seconds(30))])).toBe(
      now + seconds(30) - 1,
    )
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'of time %s moves nothing',
    (time) => {
      const steps = each([1_000, 1_000, 1_000])
      expect(run([...steps, delivery([time])]).state).toEqual(run(steps).state)
      expect(run([delivery([time, time, time])]).watermarks).toEqual([never])
    },
  )
})

describe('a step of more than maxJump', () => {
  const start = [0, 0, 0]
  const hour = hours(1)
  const cases = [
    { name: 'an hour is no jump', times: [hour], clock: hour },
    { name: 'one event moves nothing', times: [hour + 1], clock: 0 },
    { name: 'nor do two', times: [hour + 1, hour + 1], clock: 0 },
    { name: 'three agree', times: [hour + 1, hour + 1, hour + 1], clock: hour + 1 },
    {
      name: 'three out of order agree, and time is that of the latest',
      times: [8, 9, 7].map(hours),
      clock: hours(9),
    },
    {
      name: 'three that are far apart agree on the earliest',
      times: [50, 90, 70].map(hours),
      clock: hours(50),
    },
    {
      name: 'a sparse source follows two events behind',
      times: [24, 48, 72, 96, 120].map(hours),
      clock: hours(72),
    },
    { name: 'a wild one does not count', times: [24, 48, 9_999, 72, 96].map(hours), clock: hours(72) },
    {
      name: 'an event near the clock begins the row again',
      times: [24, 24, 0.5, 24, 24].map(hours),
      clock: hours(0.5),
    },
    { name: 'so does an old one', times: [hours(24), hours(24), -year, hours(24)], clock: 0 },
    {
      name: 'a time that is no number does not',
      times: [hours(2), hours(2), Number.NaN, hours(2)],
      clock: hours(2),
    },
    {
      name: 'those that are near after the jump are taken at once',
      times: [24, 24.5, 26].map(hours),
      clock: hours(24.5),
    },
  ]

  test.each(cases)('$name', ({ times, clock }) => {
    expect(run(each([...start, ...times])).state.latest).toBe(clock)
    expect(run([delivery([...start, ...times])]).state.latest).toBe(clock)
  })

  test('keeps two events at the most', () => {
    const { state } = run(each([...start, ...Array.from({ length: 100 }, (_, day) => hours(24 * (day + 1)))]))
    expect(state.ahead).toEqual([hours(24 * 99), hours(24 * 100)])
  })

  test('of all events, as in a wrong time zone, follows their arrivals', () => {
    const arrivals = Array.from({ length: 10 }, (_, index) => now + seconds(index))
    const { watermarks } = run(arrivals.map((arrival) => delivery([arrival + hours(2)], arrival)))
    expect(watermarks).toEqual([never, never, ...arrivals.slice(2).map((arrival) => arrival - 1)])
  })

  test('may be shorter or longer', () => {
    expect(lastOf(each([0, 0, 0, 61_000]), { maxJump: minutes(1) })).toBe(-1)
    expect(lastOf(each([0, 0, 0, 60_000]), { maxJump: minutes(1) })).toBe(59_999)
    expect(lastOf(each([0, 0, 0, year]), { maxJump: 2 * year })).toBe(year - 1)
  })
})

describe('the start', () => {
  const t = now - seconds(5)
  const old = now - 6 * year
  test.each([
    { name: 'waits for three events', times: [t], watermark: never },
    { name: 'waits for the third', times: [t, t], watermark: never },
    { name: 'comes with the third', times: [t, t + 1, t + 2], watermark: t + 1 },
    {
      name: 'survives a first event ten years ahead',
      times: [now + 10 * year, t, t + 1, t + 2],
      watermark: t + 1,
    },
    {
      name: 'survives it before a replay',
      times: [now + 10 * year, old, old + 1, old + 2],
      watermark: old + 1,
    },
    { name: 'survives a second one', times: [old, now + 10 * year, old + 1, old + 2], watermark: old + 1 },
    { name: 'survives a first event of 1970', times: [0, t, t, t], watermark: t - 1 },
    { name: 'survives a second of 1970', times: [t, 0, t, t], watermark: t - 1 },
    { name: 'stands at 1970 when all are from there', times: [0, 10, 20], watermark: 19 },
    { name: 'leaves 1970 when three others agree', times: [0, 10, 20, t, t, t], watermark: t - 1 },
  ])('$name', ({ times, watermark }) => {
    expect(lastOf(each(times))).toBe(watermark)
  })
})

describe('one wild event', () => {
  const live = Array.from({ length: 20 }, (_, index) =>
    delivery([now + seconds(index)], now + seconds(index)),
  )
  const replay = Array.from({ length: 20 }, (_, index) => delivery([now - 6 * year + minutes(index)]))

  test.each([
    { name: 'ten years ahead in a replay of old data', steps: replay, wild: now + 10 * year },
    { name: 'two years ahead of a replay', steps: replay, wild: now - 4 * year },
    { name: 'ten years ahead, live', steps: live, wild: now + 10 * year },
    { name: 'two hours ahead, live', steps: live, wild: now + hours(2) },
    { name: 'of 1970 in a replay', steps: replay, wild: 0 },
    { name: 'of 1970, live', steps: live, wild: 0 },
  ])('$name moves nothing, wherever it comes', ({ steps, wild }) => {
    const { watermarks } = run(steps)
    for (let place = 3; place <= steps.length; place += 1) {
      const before = steps[place - 1]!
      const arrival = 'arrival' in before ? before.arrival : now
      const disturbed = run(steps.toSpliced(place, 0, delivery([wild], arrival))).watermarks
      expect(disturbed.toSpliced(place, 1)).toEqual(watermarks)
      expect(disturbed[place]).toBe(watermarks[place - 1])
    }
  })
})

describe('options', () => {
  test.each([0, -1, Number.NaN])('refuse %s as a duration', (length) => {
    const policy = boundedOutOfOrderness(0)
    expect(() => new SharedClock(policy, { maxJump: length })).toThrow(
      `maxJump must be more than 0 ms, got ${length}: give a duration like hours(1)`,
    )
    expect(() => new SharedClock(policy, { idleAfter: length })).toThrow(
      `idleAfter must be more than 0 ms, got ${length}: give a duration like minutes(1)`,
    )
  })
})
