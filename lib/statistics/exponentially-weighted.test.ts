import { describe, expect, test } from 'vitest'
import { exponentiallyWeighted } from './exponentially-weighted.ts'
import { populationVariance, welford } from './welford.ts'

describe('exponentiallyWeighted', () => {
  test('is the plain cumulative mean and variance until its memory is full', () => {
    const weighted = exponentiallyWeighted(100)
    const state = weighted.create()
    const plain = welford().create()
    for (const value of [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]) {
      weighted.accumulate(state, value)
      welford().accumulate(plain, value)
    }
    expect(weighted.count(state)).toBe(11)
    expect(weighted.mean(state)).toBeCloseTo(plain.mean, 14)
    expect(state.variance).toBeCloseTo(populationVariance(plain), 13)
  })

  test('equals the weighted sums written out once its memory is full', () => {
    const values = [10, 12, 8, 11, 30, 9]
    // Memory 2: each value takes half of the weight, so the last has 1/2, the one before 1/4, …
    const weights = [1 / 32, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2]
    const mean = values.reduce((sum, value, index) => sum + weights[index]! * value, 0)
    const variance = values.reduce((sum, value, index) => sum + weights[index]! * (value - mean) ** 2, 0)
    const weighted = exponentiallyWeighted(2)
    const state = weighted.create()
    for (const value of values) weighted.accumulate(state, value)
    expect(weighted.mean(state)).toBeCloseTo(mean, 13)
    expect(state.variance).toBeCloseTo(variance, 11)
    expect(weighted.standardDeviation(state)).toBeCloseTo(Math.sqrt(variance), 12)
  })

  test('forgets: after ten times its memory a step is all but the mean', () => {
    const weighted = exponentiallyWeighted(50)
    const state = weighted.create()
    for (let index = 0; index < 1_000; index += 1) weighted.accumulate(state, 0)
    for (let index = 0; index < 500; index += 1) weighted.accumulate(state, 1)
    expect(weighted.mean(state)).toBeGreaterThan(0.9999)
  })

  test.each([0, 0.5, -1, Number.NaN])('refuses a memory of %s values', (memory) => {
    expect(() => exponentiallyWeighted(memory)).toThrow(`memory must be 1 or more values, got ${memory}`)
  })

  test('refuses NaN and stays as it was', () => {
    const weighted = exponentiallyWeighted(5)
    const state = weighted.create()
    expect(() => weighted.accumulate(state, Number.NaN)).toThrow(RangeError)
    expect(state).toEqual(weighted.create())
  })
})
