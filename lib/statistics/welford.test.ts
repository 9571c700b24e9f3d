import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certifiedSets } from './nist-univariate.fixture.ts'
import { chanMerge, type Moments, populationVariance, sampleVariance, welford } from './welford.ts'

/** Correct significant digits, 15 at most: the log relative error of B. D. McCullough. NaN has none. */
const correctDigits = (actual: number, certified: number): number => {
  if (actual === certified) return 15
  const digits = -Math.log10(Math.abs(actual - certified) / Math.abs(certified))
  return digits > 0 ? Math.min(15, digits) : 0
}

const momentsOf = (values: readonly number[]): Moments => {
  const { create, accumulate } = welford()
  const state = create()
  for (const value of values) accumulate(state, value)
  return state
}

/** What one would write first: the sum of the squares less the square of the sum. */
const naiveStandardDeviation = (values: readonly number[]): number => {
  const sum = values.reduce((total, value) => total + value, 0)
  const squares = values.reduce((total, value) => total + value * value, 0)
  return Math.sqrt((squares - (sum * sum) / values.length) / (values.length - 1))
}

/**
 * Least correct digits of the standard deviation. Where it is below 14 the inputs themselves, rounded to
 * doubles, allow no more: the ratio of mean to deviation takes 3, 3, 7 and 8 digits away.
 */
const digitsRequired: Record<string, number> = {
  Lew: 14,
  Lottery: 14,
  Mavro: 12,
  Michelso: 12,
  NumAcc1: 15,
  NumAcc2: 14,
  NumAcc3: 9,
  NumAcc4: 8,
}

describe('welford', () => {
  test.each(certifiedSets)('agrees with the digits NIST certified for $name', (set) => {
    const result = welford().finish(momentsOf(set.values))
    expect(result.count).toBe(set.values.length)
    expect(correctDigits(result.mean, set.mean)).toBeGreaterThanOrEqual(14)
    expect(correctDigits(result.standardDeviation, set.standardDeviation)).toBeGreaterThanOrEqual(
      digitsRequired[set.name]!,
    )
  })

  test.each([
    { name: 'NumAcc3', least: 9, naive: 2 },
    { name: 'NumAcc4', least: 8, naive: 0 },
  ])('holds $least digits of $name where naive sums keep at most $naive', ({ name, least, naive }) => {
    const set = certifiedSets.find((candidate) => candidate.name === name)!
    const held = Math.sqrt(sampleVariance(momentsOf(set.values)))
    expect(correctDigits(held, set.standardDeviation)).toBeGreaterThanOrEqual(least)
    const lost = naiveStandardDeviation(set.values)
    expect(correctDigits(lost, set.standardDeviation)).toBeLessThanOrEqual(naive)
  })

  test.each(certifiedSets)('merges two halves of $name into what the whole gives', (set) => {
    const middle = Math.floor(set.values.length / 2)
    const merged = momentsOf(set.values.slice(0, middle))
    const rest = momentsOf(set.values.slice(middle))
    chanMerge(merged, rest)
    expect(merged.count).toBe(set.values.length)
    expect(correctDigits(merged.mean, set.mean)).toBeGreaterThanOrEqual(14)
    expect(correctDigits(Math.sqrt(sampleVariance(merged)), set.standardDeviation)).toBeGreaterThanOrEqual(
      digitsRequired[set.name]!,
    )
    expect(rest).toEqual(momentsOf(set.values.slice(middle)))
  })

  test('merging with nothing changes nothing, on either side', () => {
    const some = momentsOf([1, 2, 4])
    const nothing = momentsOf([])
    chanMerge(nothing, some)
    expect(nothing).toEqual(some)
    chanMerge(some, momentsOf([]))
    expect(some).toEqual(nothing)
    const empty = momentsOf([])
    chanMerge(empty, momentsOf([]))
    expect(empty).toEqual({ count: 0, mean: 0, m2: 0 })
  })

  test('one value and none have a spread of 0, not NaN', () => {
    expect(welford().finish(momentsOf([]))).toEqual({ count: 0, mean: 0, variance: 0, standardDeviation: 0 })
    expect(welford().finish(momentsOf([5]))).toEqual({ count: 1, mean: 5, variance: 0, standardDeviation: 0 })
    expect(populationVariance(momentsOf([]))).toBe(0)
  })

  test('the sample variance divides by one less than the count, the population variance by the count', () => {
    const state = momentsOf([2, 4, 4, 4, 5, 5, 7, 9])
    expect(populationVariance(state)).toBe(4)
    expect(sampleVariance(state)).toBeCloseTo(32 / 7, 14)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e151])(
    'refuses %s and stays as it was',
    (value) => {
      const state = momentsOf([1, 2])
      expect(() => welford().accumulate(state, value)).toThrow(`got ${value}: leave it out or quarantine it`)
      expect(state).toEqual(momentsOf([1, 2]))
    },
  )

  test('is finite and its variance never negative for any finite values up to 1e15, merged anywhere', () => {
    const value = fc.double({ min: -1e15, max: 1e15, noNaN: true })
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (left, right) => {
        const state = momentsOf(left)
        chanMerge(state, momentsOf(right))
        const { mean, variance, standardDeviation } = welford().finish(state)
        expect([mean, variance, standardDeviation].every(Number.isFinite)).toBe(true)
        expect(variance).toBeGreaterThanOrEqual(0)
        expect(Math.abs(mean)).toBeLessThanOrEqual(1e15 * (1 + 1e-12))
      }),
    )
  })
})
