import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomFrom } from '../statistics/random.ts'
import { ArrivalOrders, swaps } from './arrival-orders.ts'
import { caseWords } from './case-words.ts'
import { at, silence } from './notation.ts'
import { timeline } from './timeline.ts'

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))

const isWithin = (times: readonly number[], within: number): boolean =>
  times.every((time, at) => times.slice(0, at).every((earlier) => earlier - time <= within))

describe('ArrivalOrders', () => {
  test('are exactly the permutations in which nothing comes later than the bound allows', () => {
    const times = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 6 })
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 12 }), (unsorted, within) => {
        const given = unsorted.toSorted((a, b) => a - b).map((time, id) => at(time, { id }))
        const orders = new ArrivalOrders(given, within)
        const wanted = permutations(given).filter((order) =>
          isWithin(
            order.map(({ time }) => time),
            within,
          ),
        )
        expect(orders.count).toBe(BigInt(wanted.length))
        const taken = orders.take(1_000, randomFrom(1)).map((order) => caseWords(order))
        expect(taken.toSorted()).toEqual(wanted.map((order) => caseWords(order)).toSorted())
        expect(taken[0]).toBe(caseWords(given))
      }),
    )
  })

  test('leave silences where they are', () => {
    const orders = new ArrivalOrders(timeline('a@1s b@2s ~ c@3s d@4s'), 5_000)
    expect(orders.take(9, randomFrom(1)).map((order) => caseWords(order))).toEqual([
      'a@1s b@2s ~ c@3s d@4s',
      'a@1s b@2s ~ d@4s c@3s',
      'b@2s a@1s ~ c@3s d@4s',
      'b@2s a@1s ~ d@4s c@3s',
    ])
  })

  test('are sampled alike for the same seed, within the bound, with the latest first among them', () => {
    const given = [...Array(30).keys()].map((time) => at(time, { id: time }))
    const orders = new ArrivalOrders(given, 8)
    const sample = orders.take(50, randomFrom(7))
    expect(sample).toEqual(new ArrivalOrders(given, 8).take(50, randomFrom(7)))
    expect(new Set(sample.map((order) => caseWords(order))).size).toBe(50)
    for (const order of sample)
      expect(
        isWithin(
          order.map((step) => (step as { time: number }).time),
          8,
        ),
      ).toBe(true)
    expect(caseWords(sample[1]!)).toMatch(/^8@8ms 7@7ms/)
  })

  test('give up counting what is too much, and are sampled all the same', () => {
    const given = [...Array(60).keys()].map((time) => at(time, { id: time }))
    const orders = new ArrivalOrders(given, 40)
    expect(orders.count).toBeUndefined()
    expect(orders.take(10, randomFrom(7))).toHaveLength(10)
  })

  test('refuse an order given that is not within the bound', () => {
    expect(() => new ArrivalOrders([at(9, 'a'), silence(), at(1, 'b')], 7)).toThrow(
      'comes 8ms behind one of 9',
    )
    expect(() => new ArrivalOrders([], Number.NaN)).toThrow('orders.within must be 0 ms or more, got NaN')
  })
})

test('swaps counts the pairs that two orders have the other way round', () => {
  const [a, b, c] = [at(1, 'a'), at(2, 'b'), at(3, 'c')]
  expect(swaps([a, b, c], [a, b, c])).toBe(0)
  expect(swaps([a, b, c], [c, b, a])).toBe(3)
})
