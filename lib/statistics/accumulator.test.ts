import { describe, expect, test } from 'vitest'
import type { Accumulator, Valued } from './accumulator.ts'
import { count } from './count.ts'
import { max } from './max.ts'
import { mean } from './mean.ts'
import { min } from './min.ts'
import { sum } from './sum.ts'
import { summary } from './summary.ts'

const accumulated = <State>(of: Accumulator<Valued, unknown, State>, values: readonly number[]): State => {
  const state = of.create()
  for (const value of values) of.accumulate(state, { value })
  return state
}

const cases: readonly {
  name: string
  of: Accumulator<Valued, unknown, unknown>
  empty: unknown
  all: unknown
}[] = [
  { name: 'count', of: count(), empty: 0, all: 5 },
  { name: 'sum', of: sum(), empty: 0, all: 15 },
  { name: 'mean', of: mean(), empty: 0, all: 3 },
  { name: 'min', of: min(), empty: Number.POSITIVE_INFINITY, all: -4 },
  { name: 'max', of: max(), empty: Number.NEGATIVE_INFINITY, all: 9 },
  {
    name: 'summary',
    of: summary(),
    empty: { count: 0, mean: 0, variance: 0, standardDeviation: 0 },
    all: { count: 5, mean: 3, variance: 26.5, standardDeviation: Math.sqrt(26.5) },
  },
]

describe.each(cases)('$name', ({ of, empty, all }) => {
  const values = [9, 1, -4, 7, 2]

  test('finishes what it has accumulated', () => {
    expect(of.finish(accumulated(of, []))).toEqual(empty)
    expect(of.finish(accumulated(of, values))).toEqual(all)
  })

  test('combines parts into the whole, at every cut', () => {
    for (let cut = 0; cut <= values.length; cut += 1) {
      const state = accumulated(of, values.slice(0, cut))
      of.combine(state, accumulated(of, values.slice(cut)))
      expect(JSON.stringify(of.finish(state))).toBe(JSON.stringify(all))
    }
  })
})

test('an aggregate takes the number it is told to take', () => {
  const ofAmount = mean((event: { amount: number }) => event.amount)
  const state = ofAmount.create()
  ofAmount.accumulate(state, { amount: 4 })
  ofAmount.accumulate(state, { amount: 6 })
  expect(ofAmount.finish(state)).toBe(5)
})

test('a sum keeps what plain addition rounds away', () => {
  const values = [1, 1e100, 1, -1e100]
  expect(sum().finish(accumulated(sum(), values))).toBe(2)
  expect(values.reduce((total, value) => total + value, 0)).toBe(0)
})

test.each([
  ['sum', sum()],
  ['mean', mean()],
  ['min', min()],
  ['max', max()],
])('%s refuses NaN', (_name, of: Accumulator<Valued, number, unknown>) => {
  expect(() => of.accumulate(of.create(), { value: Number.NaN })).toThrow(RangeError)
})
