import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { at, tagged, watermark } from '../testing/notation.ts'
import { ProcessorRun } from '../testing/processor-run.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import { late } from '../time/output-tag.ts'
import type { Timed } from '../time/timed.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import { deduplicate, type SeenKeys } from './deduplicate.ts'
import { inSequence } from './in-sequence.ts'
import { watermarks } from './watermarks.ts'

type Paid = Timed & { readonly value: string }

const within10 = deduplicate<Paid>({ key: ({ value }) => value, within: 10 })

/** What passes when nothing is ever forgotten and nothing is late: the meaning, written down naively. */
const remembering = (arrivals: readonly Paid[], within: number): Paid[] => {
  const passed: Paid[] = []
  for (const event of arrivals) {
    const isTwin = ({ value, time }: Paid) => value === event.value && Math.abs(time - event.time) <= within
    if (!passed.some(isTwin)) passed.push(event)
  }
  return passed
}

/** In order of time plus a delay up to `bound` each, so that none is late behind that bound. */
const inDrawnOrder = (events: readonly Paid[], delays: readonly number[]): Paid[] =>
  events
    .map((event, index) => ({ event, place: event.time + delays[index]! }))
    .sort((one, other) => one.place - other.place)
    .map(({ event }) => event)

describe('deduplicate', () => {
  test('lets the first to arrive of a key through, and drops its twins up to the limit and at it', () => {
    verifyProcessor(within10)
      .given([at(10, 'a'), at(12, 'b'), at(20, 'a'), at(10, 'b'), at(0, 'a'), at(21, 'a'), at(-1, 'a')])
      .expect([at(10, 'a'), at(12, 'b'), at(21, 'a'), at(-1, 'a')])
  })

  test('does not count from what it dropped', () => {
    verifyProcessor(within10)
      .given([at(10, 'a'), at(18, 'a'), at(25, 'a'), at(34, 'a')])
      .expect([at(10, 'a'), at(25, 'a')])
  })

  test('knows a twin until none can follow, and calls late what it cannot tell any more', () => {
    verifyProcessor(within10)
      .given([
        at(10, 'a'),
        watermark(19),
        at(20, 'a'),
        at(15, 'a'),
        at(15, 'b'),
        watermark(40),
        at(15, 'a'),
        at(41, 'a'),
      ])
      .expect([at(10, 'a'), tagged(late, at(15, 'b')), tagged(late, at(15, 'a')), at(41, 'a')])
  })

  test('holds no more keys than its capacity: a twin of what lies furthest back then passes', () => {
    const small = deduplicate<Paid>({ key: ({ value }) => value, within: 10, capacity: 2 })
    verifyProcessor(small)
      .given([at(25, 'c'), at(5, 'a'), at(6, 'b'), at(7, 'a'), at(26, 'c'), at(27, 'd'), at(28, 'c')])
      .expect([at(25, 'c'), at(5, 'a'), at(6, 'b'), at(7, 'a'), at(27, 'd')])
  })

  test('forgets every key in time', () => {
    const run = new ProcessorRun(within10, (state) => {
      expect((state as SeenKeys).size).toBeLessThanOrEqual(30)
      return state
    })
    for (let time = 0; time < 1_000; time++) {
      run.take(at(time, `key ${time}`))
      if (time > 0) run.take(watermark(time - 1))
    }
    expect(run.outputs).toHaveLength(1_000)
  })

  test('twins within the limit come out once in every order of arrival within the bound', () => {
    const bound = 35
    const group = fc.record({
      value: fc.constantFrom('a', 'b', 'c'),
      // Groups of one key are further apart than the limit, whichever of their events is taken.
      start: fc.integer({ min: 0, max: 20 }).map((place) => place * 21),
      twins: fc.array(fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: bound })), {
        minLength: 1,
        maxLength: 5,
      }),
    })
    const groups = fc.uniqueArray(group, {
      selector: ({ value, start }) => `${value} ${start}`,
      maxLength: 25,
    })
    const ordering = inSequence(
      watermarks<Paid, unknown>(boundedOutOfOrderness(bound), { earliest: 0 }),
      within10,
    )
    fc.assert(
      fc.property(groups, (drawn) => {
        const twins = drawn.flatMap(({ value, start, twins }) =>
          twins.map(([offset, delay]) => ({ event: at(start + offset, value as string), delay })),
        )
        const arrivals = inDrawnOrder(
          twins.map(({ event }) => event),
          twins.map(({ delay }) => delay),
        )
        const run = new ProcessorRun(ordering, (state) => structuredClone(state))
        for (const event of arrivals) run.take(event)
        const passed = run.outputs.filter((output): output is Paid => 'value' in (output as object))
        const use = ({ time, value }: Paid): string => `${value} ${Math.floor(time / 21) * 21}`
        expect(passed.map(use).sort()).toEqual(drawn.map(({ value, start }) => `${value} ${start}`).sort())
      }),
    )
  })

  test('is what a memory without end would let through, for every order of arrival within the bound', () => {
    const bound = 25
    const event = fc.tuple(
      fc.constantFrom('a', 'b'),
      fc.integer({ min: -100, max: 100 }),
      fc.integer({ min: 0, max: bound }),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (drawn, within) => {
        const arrivals = inDrawnOrder(
          drawn.map(([value, time]) => at(time, value as string)),
          drawn.map(([, , delay]) => delay),
        )
        const run = new ProcessorRun(
          inSequence(
            watermarks<Paid, unknown>(boundedOutOfOrderness(bound), { earliest: -1_000 }),
            deduplicate<Paid>({ key: ({ value }) => value, within }),
          ),
          (state) => state,
        )
        for (const arrival of arrivals) run.take(arrival)
        const passed = run.outputs.filter((output) => 'value' in (output as object))
        expect(passed).toEqual(remembering(arrivals, within))
      }),
      { numRuns: 500 },
    )
  })

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a limit of %s ms', (within) => {
    expect(() => deduplicate({ key: () => '', within })).toThrow(
      `within must be more than 0 ms and finite, got ${within}`,
    )
  })

  test('keeps to a capacity that is smaller than it was when its state was saved', () => {
    const before = deduplicate<Paid>({ key: ({ value }) => value, within: 1_000 })
    const state = before.create()
    const out = { emit() {}, to() {} }
    const turn = { key: 'k', subkey: '', watermark: Number.NEGATIVE_INFINITY, arrival: 0 }
    for (let time = 0; time < 10; time++) before.onEvent(state, at(time, `card ${time}`), out, turn)
    const after = deduplicate<Paid>({ key: ({ value }) => value, within: 1_000, capacity: 5 })
    for (let time = 10; time < 30; time++) after.onEvent(state, at(time, `card ${time}`), out, turn)
    expect(state.size).toBe(5)
  })

  test('refuses a capacity of nothing', () => {
    expect(() => deduplicate({ key: () => '', within: 1, capacity: 0 })).toThrow(
      'capacity must be 1 key or more, got 0',
    )
  })
})
