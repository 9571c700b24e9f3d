import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exponentiallyWeighted } from '../statistics/exponentially-weighted.ts'
import { randomFrom } from '../statistics/random.ts'
import { welford } from '../statistics/welford.ts'
import { migrateState } from '../time/migrate-state.ts'
import { deviation } from './deviation.ts'
import { brief, noise, run, samplesOf } from './deviation-run.fixture.ts'
import { addPending } from './pending.ts'

describe('deviation with sigmas alone', () => {
  test('reports every value beyond two standard deviations once it is warm', () => {
    const values = noise(2_000)
    const { confirmed } = run(samplesOf(values), { sigmas: 2 })
    // What opens an episode does not enter the baseline, so this is the same sum written down naively.
    const ordinary: number[] = []
    const expected: number[] = []
    let open = false
    for (const [index, value] of values.entries()) {
      const mean = ordinary.reduce((sum, one) => sum + one, 0) / ordinary.length
      const squares = ordinary.reduce((sum, one) => sum + (one - mean) ** 2, 0)
      const beyond = Math.abs(value - mean) > 2 * Math.sqrt(squares / (ordinary.length - 1))
      if (ordinary.length >= 10 && beyond && !open) expected.push((index + 1) * 1_000)
      if (!open && !(ordinary.length >= 10 && beyond)) ordinary.push(value)
      open = ordinary.length >= 10 && beyond
    }
    expect(expected.length).toBeGreaterThan(70)
    expect(confirmed.filter(({ phase }) => phase === 'opened').map(({ time }) => time)).toEqual(expected)
  })

  test('opens provisionally on arrival, and confirms and closes behind the watermark', () => {
    const values = [...noise(50), 40, 20, 20, 20, 20, 20]
    const { found } = run(samplesOf(values), { sigmas: 4 }, 2_000)
    expect(found.map(brief)).toEqual([
      'opened provisional 51000 51000',
      'opened confirmed 51000 51000',
      'closed confirmed 52000 51000',
    ])
    expect(found[0]!.baseline.count).toBe(47)
    expect(found[1]!.baseline.count).toBe(50)
    expect(found[1]).toMatchObject({ value: 40, baseline: { mean: expect.closeTo(20, 0) } })
  })

  test('withdraws what event order does not bear out', () => {
    // The wide values belong before 25 but arrive after it: with them the baseline finds 25 ordinary.
    const calm = samplesOf(noise(12).map((value) => 20 + (value - 20) / 100))
    const wide = [10, 30, 8, 32, 12, 28].map((value, index) => ({ time: 12_001 + index, value }))
    const after = samplesOf(Array.from({ length: 30 }, () => 20)).slice(20)
    const arrivals = [...calm, { time: 13_000, value: 20 }, { time: 14_000, value: 25 }, ...wide, ...after]
    const { found } = run(arrivals, { sigmas: 4, warmUp: 3, persistence: 0 }, 5_000)
    expect(found.filter(({ status }) => status !== 'confirmed').map(brief)).toContain(
      'opened provisional 14000 14000',
    )
    const inOrder = run(
      [...arrivals].sort((a, b) => a.time - b.time),
      { sigmas: 4, warmUp: 3 },
      5_000,
    )
    const confirmed = found.filter(({ status }) => status === 'confirmed')
    expect(confirmed).toEqual(inOrder.confirmed)
    const withdrawn = found.filter(({ status }) => status === 'withdrawn').map(({ since }) => since)
    expect(withdrawn).toEqual([14_000])
  })

  test('sends what comes at or behind the watermark to the late output', () => {
    const samples = samplesOf([1, 2, 3, 4])
    const late = { time: 999, value: 9 }
    const result = run([...samples, late], {}, 1_000)
    expect(result.late).toEqual([late])
    expect(result.state.baseline.count).toBe(4)
  })
})

describe('order of arrival', () => {
  test('changes neither what is confirmed nor the final baseline', () => {
    const options = {
      warmUp: 5,
      persistence: 2,
      extreme: 5,
      calm: { sigmas: 1.5, count: 2 },
      relearnAfter: 20_000,
    }
    const value = fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: -3, max: 3 }) },
      fc.constantFrom(-40, 9, 15, 60),
    )
    const samples = fc.array(
      fc.tuple(value, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 9_999 })),
      {
        minLength: 1,
        maxLength: 120,
      },
    )
    fc.assert(
      fc.property(samples, (drawn) => {
        let time = 0
        const inOrder = drawn.map(([value, gap]) => {
          time += gap * 500
          return { time, value }
        })
        // Each is delayed by less than the bound, so that none is late.
        const arrivals = inOrder
          .map((sample, index) => ({ sample, place: sample.time + drawn[index]![2] }))
          .sort((one, other) => one.place - other.place)
          .map(({ sample }) => sample)
        const expected = run(inOrder, options, 10_000)
        const actual = run(arrivals, options, 10_000)
        expect(actual.late).toEqual([])
        expect(actual.confirmed).toEqual(expected.confirmed)
        expect(actual.state.baseline).toEqual(expected.state.baseline)
        expect(actual.state.learning).toEqual(expected.state.learning)
      }),
      { numRuns: 500 },
    )
  })

  test('every provisional opening is confirmed or withdrawn', () => {
    let openings = 0
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomFrom(seed)
      const restless = noise(500, seed).map((value) => (random.below(40) === 0 ? value + 6 : value))
      const samples = samplesOf([...restless, ...noise(50, seed).fill(20)])
      const arrivals = samples
        .map((sample) => ({ sample, place: sample.time + random.below(9_000) }))
        .sort((one, other) => one.place - other.place)
        .map(({ sample }) => sample)
      // The last readings are calm for long enough that no departure is still going on.
      const { found } = run(arrivals, { persistence: 3, extreme: 5 }, 9_000)
      const provisional = found.filter(({ status }) => status === 'provisional').map(({ since }) => since)
      const settled = found.filter(
        ({ phase, status }) => status === 'withdrawn' || (phase === 'opened' && status === 'confirmed'),
      )
      openings += provisional.length
      for (const since of provisional) expect(settled.map((one) => one.since)).toContain(since)
    }
    expect(openings).toBeGreaterThan(50)
  })
})

describe('scores', () => {
  test('stay finite when a constant signal changes, which is an episode once', () => {
    const values = [
      ...Array.from({ length: 30 }, () => 5),
      5.1,
      ...Array.from({ length: 30 }, () => 5),
      5.1,
      5,
      5,
    ]
    const { confirmed, state } = run(samplesOf(values), { persistence: 3, extreme: 6 })
    expect(Number.isFinite(confirmed[0]!.score)).toBe(true)
    expect(confirmed.filter(({ phase }) => phase === 'opened').map(({ time }) => time)).toEqual([31_000])
    expect(state.resolution).toBeCloseTo(0.1)
  })

  test('of a coarse sensor are at most two for one step', () => {
    const random = randomFrom(1)
    const values = Array.from({ length: 500 }, () => (random.below(50) === 0 ? 20.5 : 20))
    const { found } = run(samplesOf([20.5, ...values]), { persistence: 5, extreme: 6 })
    expect(found).toEqual([])
  })

  test('and everything in the state are finite, whatever finite numbers arrive', () => {
    const value = fc.oneof(
      fc.double({ min: -1e15, max: 1e15, noNaN: true }),
      fc.constantFrom(0, 1e15, -1e15, 1e-300),
    )
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
        const { found, state } = run(samplesOf(values), { persistence: 1, extreme: 6, warmUp: 2 }, 5_000)
        for (const { score } of found) expect(Number.isFinite(score)).toBe(true)
        JSON.stringify(state, (_, part) => {
          if (typeof part === 'number') expect(Number.isFinite(part)).toBe(true)
          return part
        })
      }),
    )
  })

  test('of no number at all are refused when it arrives', () => {
    expect(() => run(samplesOf([1, Number.NaN]))).toThrow(RangeError)
    expect(() => run(samplesOf([1, Number.POSITIVE_INFINITY]))).toThrow(/finite/)
  })
})

describe('a state of version 1', () => {
  test('begins to count with what its baseline and its pending values have', () => {
    const processor = deviation(welford())
    const state = processor.create()
    for (const value of [1, 2, 3]) addPending(state.pending, value, value)
    state.baseline.count = 40
    const { taken: _, ...saved } = state
    expect(migrateState(processor, { ...saved, carried: null }, 1)).toEqual({ ...state, taken: 43 })
  })
})

test('a state of version 2 goes on without the fields that its outputs carried, in an open episode too', () => {
  const processor = deviation(welford(), { sigmas: 9 })
  const found: unknown[] = []
  const out = { emit: (value: unknown) => void found.push(value), to() {} }
  const turn = { key: 'k', subkey: '', watermark: Number.NEGATIVE_INFINITY, arrival: 0 }
  const state = processor.create()
  for (const sample of samplesOf([...noise(50), 99])) processor.onEvent(state, sample, out, turn)
  const saved = { ...structuredClone(state), carried: { metric: 'heat' } }
  const migrated = migrateState(processor, saved, 2) as typeof state
  expect(migrated).toEqual(state)
  processor.onTime?.(migrated, 51_000, out, turn)
  processor.onTime?.(state, 51_000, out, turn)
  expect(found.at(-1)).toMatchObject({ phase: 'opened', status: 'confirmed', value: 99 })
  expect(found.at(-2)).toEqual(found.at(-1))
})

describe('options', () => {
  test('that cannot work are refused by name', () => {
    expect(() => deviation(welford(), { sigmas: 0 })).toThrow(/sigmas must be more than 0, got 0/)
    expect(() => deviation(welford(), { warmUp: 1 })).toThrow(/warmUp must be 2 or more/)
    expect(() => deviation(welford(), { extreme: 1 })).toThrow(/extreme must be 2 or more/)
  })

  test('of says what is judged', () => {
    const found: unknown[] = []
    const processor = deviation(exponentiallyWeighted(100), {
      inOrder: true,
      of: ({ level }: { time: number; level: number }) => (level < 0 ? undefined : level),
    })
    const state = processor.create()
    const out = { emit: (value: unknown) => void found.push(value), to() {} }
    const turn = { key: 'k', subkey: '', watermark: 0, arrival: 0 }
    const levels = [...noise(20), -1, 99]
    for (const [index, level] of levels.entries())
      processor.onEvent(state, { time: index * 1_000, level }, out, turn)
    expect(found.at(-1)).toMatchObject({
      time: 21_000,
      value: 99,
      status: 'confirmed',
    })
  })
})
