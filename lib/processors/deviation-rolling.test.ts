import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rollingWelford } from '../statistics/rolling-welford.ts'
import { at, silence } from '../testing/notation.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import { deviation } from './deviation.ts'
import { brief, noise, run, samplesOf } from './deviation-run.fixture.ts'

const lastMinute = rollingWelford({ over: 60_000, panes: 6 })

describe('deviation from a rolling baseline', () => {
  test('compares with the window and nothing before it', () => {
    const values = [...noise(100).map((value) => value + 100), ...noise(40)]
    const options = { sigmas: 6, warmUp: 5, relearnAfter: 20_000 }
    const { state } = run(samplesOf([...values, ...noise(80, 2)]), options, 0, lastMinute)
    expect(state.baseline.count).toBeLessThanOrEqual(70)
    expect(state.baseline.mean).toBeCloseTo(20, 0)
    expect(state.baseline.panes).toHaveLength(7)
  })

  test('comes out the same whatever the order of arrival, and wherever it is saved and restored', () => {
    const options = { warmUp: 3, persistence: 0.5, extreme: 5, relearnAfter: 20_000 }
    const value = fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: -3, max: 3 }) },
      fc.constantFrom(-40, 15),
    )
    const gap = fc.oneof({ weight: 80, arbitrary: fc.constantFrom(0, 1, 2) }, fc.constantFrom(60, 300))
    const samples = fc.array(fc.tuple(value, gap, fc.integer({ min: 0, max: 9_999 })), {
      minLength: 20,
      maxLength: 120,
    })
    let confirmed = 0
    fc.assert(
      fc.property(samples, (drawn) => {
        let time = 0
        const inOrder = drawn.map(([one, wait]) => {
          time += wait * 500
          return { time, value: one }
        })
        // Each is delayed by less than the bound, so that none is late.
        const arrivals = inOrder
          .map((sample, index) => ({ sample, place: sample.time + drawn[index]![2] }))
          .sort((one, other) => one.place - other.place)
          .map(({ sample }) => sample)
        const expected = run(inOrder, options, 10_000, lastMinute)
        const actual = run(arrivals, options, 10_000, lastMinute)
        confirmed += expected.confirmed.length
        expect(actual.confirmed).toEqual(expected.confirmed)
        expect(actual.state.baseline).toEqual(expected.state.baseline)
        expect(actual.state.learning).toEqual(expected.state.learning)
        const given = arrivals.flatMap(({ time, value }, index) =>
          index % 9 === 8 ? [silence(), at(time, value)] : [at(time, value)],
        )
        const judged = run(arrivals, { ...options, inOrder: true }, 0, lastMinute).found
        verifyProcessor(deviation(lastMinute, { ...options, inOrder: true }))
          .given(given)
          .expect(judged)
      }),
      { numRuns: 200 },
    )
    expect(confirmed).toBeGreaterThan(100)
  })

  test('rests while an episode is open, in time too', () => {
    const values = [...noise(60), ...noise(40, 2).map((value) => value + 30)]
    const { state, confirmed } = run(samplesOf(values), { sigmas: 6 }, 0, lastMinute)
    expect(confirmed.map(({ phase }) => phase)).toContain('opened')
    expect(state.learning?.count).toBe(40)
    expect(state.baseline).toMatchObject({ count: 60, latest: 60_000 })
  })

  test('after a silence longer than the window it begins anew, and what an arrival opened is withdrawn', () => {
    const later = noise(30, 3).map((value, index) => ({ time: 600_000 + index * 1_000, value: value + 30 }))
    const { found, state } = run([...samplesOf(noise(60)), ...later], { sigmas: 6 }, 2_000, lastMinute)
    expect(found.map(brief)).toEqual(['opened provisional 600000 600000', 'closed withdrawn 600000 600000'])
    expect(state.baseline.count).toBe(30)
  })

  test('is told of a silence without a trace, and settles what it opened when the watermark has passed', () => {
    const usual = Array.from({ length: 20 }, (_, index) => at(index * 1_000, index % 2))
    const found = (status: 'provisional' | 'confirmed') => ({
      ...{ time: 20_000, since: 20_000, phase: 'opened', status, value: 9 },
      score: expect.any(Number),
      baseline: expect.any(Object),
    })
    const outputs: unknown[] = []
    const processor = deviation(lastMinute, { sigmas: 6 })
    const state = processor.create()
    const out = { emit: (value: unknown) => void outputs.push(value), to() {} }
    const turn = { key: 'k', subkey: '', watermark: Number.NEGATIVE_INFINITY, arrival: 0 }
    for (const event of usual) processor.onEvent(state, event, out, turn)
    turn.watermark = 19_000
    processor.onEvent(state, at(20_000, 9), out, turn)
    const before = structuredClone(state)
    processor.onIdle?.(state, out, turn)
    expect(state).toEqual(before)
    expect(outputs).toEqual([found('provisional')])
    // What closes an actor after a long silence fires all that is due.
    expect(processor.due?.(state)).toBe(20_000)
    processor.onTime?.(state, 20_000, out, turn)
    expect(outputs).toEqual([found('provisional'), found('confirmed')])
    expect(processor.due?.(state)).toBe(Number.POSITIVE_INFINITY)
  })
})
