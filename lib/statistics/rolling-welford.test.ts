import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certifiedSets } from './nist-univariate.fixture.ts'
import { type RollingMoments, rollingWelford } from './rolling-welford.ts'
import { welford } from './welford.ts'

interface Sample {
  readonly time: number
  readonly value: number
}

/** The whole window looked at again for the last sample, in two passes, with nothing kept from before. */
const bruteForce = (samples: readonly Sample[], over: number, panes: number) => {
  const length = over / panes
  const paneOf = (time: number): number => Math.floor(time / length)
  const latest = paneOf(samples.at(-1)!.time)
  const values = samples.filter(({ time }) => paneOf(time) >= latest - panes).map(({ value }) => value)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    count: values.length,
    mean,
    standardDeviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0,
  }
}

const { create, passTo, accumulate, count, mean, standardDeviation } = rollingWelford({ over: 60, panes: 6 })

const stateAfter = (samples: readonly Sample[]): RollingMoments => {
  const state = create()
  for (const { time, value } of samples) {
    passTo!(state, time)
    accumulate(state, value)
  }
  return state
}

const every = (step: number, values: readonly number[]): Sample[] =>
  values.map((value, index) => ({ time: index * step, value }))

describe('rollingWelford', () => {
  test('is what the values of the window say when they are looked at again, after each of them', () => {
    const gap = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 20 }) },
      fc.constantFrom(59, 70, 400),
    )
    const drawn = fc.array(fc.tuple(gap, fc.integer({ min: -1e9, max: 1e9 })), {
      minLength: 1,
      maxLength: 80,
    })
    const windows = fc.record({ over: fc.constantFrom(60, 100, 7.5), panes: fc.integer({ min: 1, max: 9 }) })
    fc.assert(
      fc.property(drawn, windows, fc.integer({ min: -500, max: 500 }), (given, { over, panes }, begin) => {
        const rolling = rollingWelford({ over, panes })
        let state = rolling.create()
        let time = begin
        const samples: Sample[] = []
        for (const [wait, value] of given) {
          time += wait
          samples.push({ time, value })
          rolling.passTo!(state, time)
          rolling.accumulate(state, value)
          state = structuredClone(state)
          const expected = bruteForce(samples, over, panes)
          const scale = Math.max(...samples.map((sample) => Math.abs(sample.value)))
          expect(rolling.count(state)).toBe(expected.count)
          expect(Math.abs(rolling.mean(state) - expected.mean)).toBeLessThanOrEqual(1e-12 * scale)
          expect(Math.abs(rolling.standardDeviation(state) - expected.standardDeviation)).toBeLessThanOrEqual(
            1e-9 * scale,
          )
          expect(state.panes.length).toBeLessThanOrEqual(panes + 1)
        }
      }),
    )
  })

  test('is plain Welford, to the last bit, as long as nothing has fallen out', () => {
    const plain = welford().create()
    const samples = every(1, [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9])
    for (const { value } of samples) welford().accumulate(plain, value)
    expect(stateAfter(samples)).toMatchObject(plain)
  })

  test('forgets a pane at a time: what is older than the window and one pane is gone', () => {
    const state = stateAfter(every(10, [100, 1, 2, 3, 4, 5, 6]))
    expect(count(state)).toBe(7)
    passTo!(state, 69)
    expect(count(state)).toBe(7)
    passTo!(state, 70)
    expect([count(state), mean(state)]).toEqual([6, 3.5])
    passTo!(state, 1_000)
    expect([count(state), mean(state), standardDeviation(state)]).toEqual([0, 0, 0])
  })

  test.each(certifiedSets)('keeps the digits of $name after larger values have passed through', (set) => {
    const over = 10 * Math.ceil(set.values.length / 10)
    const rolling = rollingWelford({ over, panes: 10 })
    const state = rolling.create()
    const large = Array.from({ length: 3 * over }, (_, index) => 1e9 * Math.sin(index))
    for (const [time, value] of [...large, ...set.values].entries()) {
      rolling.passTo!(state, time)
      rolling.accumulate(state, value)
    }
    rolling.passTo!(state, 4 * over)
    expect(rolling.count(state)).toBe(set.values.length)
    expect(Math.abs(rolling.mean(state) / set.mean - 1)).toBeLessThan(1e-14)
    // Of NumAcc4 the inputs themselves, rounded to doubles, allow no more.
    const digits = set.name === 'NumAcc4' ? 8 : set.name === 'NumAcc3' ? 9 : 12
    expect(Math.abs(rolling.standardDeviation(state) / set.standardDeviation - 1)).toBeLessThan(10 ** -digits)
  })

  test('does not go back in time: a value out of order counts in the latest pane', () => {
    const state = stateAfter(every(10, [1, 2, 3]))
    passTo!(state, 5)
    accumulate(state, 6)
    expect(state.panes.map((pane) => [pane.start, pane.count])).toEqual([
      [0, 1],
      [10, 1],
      [20, 2],
    ])
  })

  test('refuses a value before any time, and NaN as a value, and stays as it was', () => {
    expect(() => accumulate(create(), 1)).toThrow('call passTo with that of the value first')
    const state = stateAfter(every(10, [1, 2]))
    passTo!(state, Number.NaN)
    expect(() => accumulate(state, Number.NaN)).toThrow(RangeError)
    expect(state).toEqual(stateAfter(every(10, [1, 2])))
  })

  test.each([
    [{ over: 0 }, 'over must be more than 0 ms and finite, got 0'],
    [{ over: Number.POSITIVE_INFINITY }, 'over must be more than 0 ms and finite, got Infinity'],
    [{ over: Number.NaN }, 'got NaN'],
    [{ over: 60, panes: 0 }, 'panes must be a whole number from 1 to 1000, got 0'],
    [{ over: 60, panes: 2.5 }, 'got 2.5'],
  ])('refuses %j', (options, words) => {
    expect(() => rollingWelford(options)).toThrow(words)
  })
})
