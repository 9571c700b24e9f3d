import { describe, expect, test } from 'vitest'
import { hours } from './duration.ts'
import {
  delivery,
  each,
  lastOf,
  look,
  lookBehind,
  never,
  now,
  run,
  year,
} from './shared-clock-run.fixture.ts'

describe('silence', () => {
  const started = [delivery([1_000, 1_000, 1_000], now, 0)]
  const bound = 100

  test.each([
    {
      name: 'goes on after idleAfter, counted from the last event',
      steps: [look(0), look(60_000)],
      watermark: 60_899,
    },
    { name: 'not sooner', steps: [look(0), look(59_999)], watermark: 899 },
    { name: 'goes on with every look', steps: [look(0), look(60_000), look(61_000)], watermark: 61_899 },
    { name: 'goes on alike with few looks', steps: [look(0), look(61_000)], watermark: 61_899 },
    {
      name: 'is not counted while the source is behind',
      steps: [lookBehind(0), lookBehind(600_000)],
      watermark: 899,
    },
    {
      name: 'counts from when it has caught up',
      steps: [lookBehind(30_000), look(31_000), look(90_999)],
      watermark: 899,
    },
    {
      name: 'counts again after a lost connection',
      steps: [look(0), look(60_000), lookBehind(61_000), look(62_000), look(121_999)],
      watermark: 60_899,
    },
    {
      name: 'goes on after a lost connection with what was counted before and after',
      steps: [look(0), look(60_000), lookBehind(61_000), look(62_000), look(122_000)],
      watermark: 120_899,
    },
    {
      name: 'begins again with an event that moves nothing',
      steps: [look(0), delivery([1_000], now, 30_000), look(60_000), look(89_999)],
      watermark: 899,
    },
    {
      name: 'does not begin again with a late one',
      steps: [look(0), delivery([899], now, 30_000), look(60_000)],
      watermark: 60_899,
    },
  ])('$name', ({ steps, watermark }) => {
    expect(lastOf([...started, ...steps], { bound })).toBe(watermark)
  })

  test('ends with the next event, and the clock goes on from where it was', () => {
    const silent = [...started, look(0), look(100_000)]
    expect(run(silent, { bound }).state).toMatchObject({ idle: true, latest: 101_000, watermark: 100_899 })
    const behind = run([...silent, delivery([100_950], now, 100_000)], { bound })
    expect(behind.state).toMatchObject({ idle: false, latest: 101_000, watermark: 100_899 })
    const ahead = run([...silent, delivery([102_000], now, 101_000)], { bound })
    expect(ahead.state).toMatchObject({ idle: false, latest: 102_000, watermark: 101_899 })
  })

  test('of two hours makes the next event no jump', () => {
    const steps = [...started, look(0), look(hours(2)), delivery([hours(2) + 1_000], now, hours(2))]
    expect(run(steps).state).toMatchObject({ latest: hours(2) + 1_000, ahead: [] })
  })

  test('does not take the word of one event that is far ahead', () => {
    const steps = [...started, delivery([hours(5)], now, 0), look(0), look(60_000)]
    expect(lastOf(steps, { bound })).toBe(60_899)
  })

  test('starts the clock with the earliest event when there are fewer than three', () => {
    const one = [delivery([5_000], now, 0), look(0), look(60_000)]
    expect(run(one).watermarks).toEqual([never, never, 64_999])
    const two = [delivery([5_000, 4_000], now, 0), look(0), look(60_000)]
    expect(run(two).state).toMatchObject({ latest: 65_000, ahead: [] })
    const future = [delivery([now + 10 * year], now, 0), look(0), look(60_000)]
    expect(run(future).state).toMatchObject({ latest: never, idle: true })
    const unset = [delivery([0, now], now, 0), look(0), look(60_000)]
    expect(run(unset).state).toMatchObject({ latest: 60_000, ahead: [now] })
  })

  test('of a source that never delivered makes it idle, without a watermark', () => {
    const { state, watermarks } = run([look(10), look(60_009), look(60_010)])
    expect(watermarks).toEqual([never, never, never])
    expect(state.idle).toBe(true)
    expect(run([look(10), look(60_009)]).state.idle).toBe(false)
  })

  test('is never idle with idleAfter Infinity', () => {
    const { state } = run([...started, look(0), look(year)], { idleAfter: Number.POSITIVE_INFINITY })
    expect(state).toMatchObject({ idle: false, watermark: 999 })
  })

  test('changes nothing in the state of a source that stays behind, so that nothing has to be saved', () => {
    const { clock, state } = run([...started, lookBehind(1_000)])
    const before = structuredClone(state)
    clock.elapse(state, 2_000, false)
    expect(state).toEqual(before)
  })
})

describe('the end', () => {
  test('is a state of its own: the watermark stays, and silence does not move it', () => {
    const { clock, state } = run([...each([0, 0, 0, hours(9)]), look(0)])
    clock.end(state)
    expect(state).toMatchObject({ ended: true, idle: false, ahead: [], watermark: -1 })
    expect(clock.elapse(state, hours(5), true)).toBe(-1)
    expect(clock.elapse(state, hours(6), false)).toBe(-1)
    expect(state).toMatchObject({ ended: true, idle: false })
  })

  test('ends a silence too', () => {
    const { clock, state } = run([look(0), look(hours(1))])
    expect(state.idle).toBe(true)
    clock.end(state)
    expect(state).toMatchObject({ ended: true, idle: false, watermark: never })
  })
})
