import { describe, expect, test } from 'vitest'
import { boundedOutOfOrderness } from './watermark-policy.ts'

const minusInfinity = Number.NEGATIVE_INFINITY

describe('boundedOutOfOrderness', () => {
  test.each([
    { bound: 5_000, times: [10_000, 12_000, 11_000], watermarks: [4_999, 6_999, 6_999] },
    { bound: 10, times: [1_337], watermarks: [1_326] },
    { bound: 10, times: [12_345, 12_300, 12_340, 12_280], watermarks: [12_334, 12_334, 12_334, 12_334] },
    { bound: 10, times: [723_456], watermarks: [723_445] },
    { bound: 0, times: [0, 1], watermarks: [-1, 0] },
    { bound: 5_000, times: [14_999, 15_000], watermarks: [9_998, 9_999] },
  ])('with bound $bound, times $times give watermarks $watermarks', ({ bound, times, watermarks }) => {
    const policy = boundedOutOfOrderness(bound)
    const state = policy.create()
    expect(state.latest).toBe(minusInfinity)
    expect(times.map((time) => policy.observe(state, time))).toEqual(watermarks)
  })

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a bound of %s', (bound) => {
    expect(() => boundedOutOfOrderness(bound)).toThrow(`bound must be 0 ms or more and finite, got ${bound}`)
  })
})
