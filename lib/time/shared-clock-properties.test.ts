import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../state/rows/codec.ts'
import { SharedClock } from './shared-clock.ts'
import { delivery, each, lastOf, look, now, run, type State, type Step } from './shared-clock-run.fixture.ts'
import { boundedOutOfOrderness } from './watermark-policy.ts'

describe('for any deliveries and looks', () => {
  const options = { bound: 50, maxJump: 100, idleAfter: 40 }
  const wildTime = fc.oneof(
    fc.integer({ min: 0, max: 400 }),
    fc.constantFrom(-1_000, 5_000, 9_000, Number.NaN),
  )
  const arbitrarySteps = fc
    .array(
      fc.record({
        pause: fc.integer({ min: 0, max: 60 }),
        times: fc.option(fc.array(wildTime, { maxLength: 5 }), { nil: undefined }),
        isCaughtUp: fc.boolean(),
      }),
      { maxLength: 40 },
    )
    .map((given) => {
      let listening = 0
      return given.map(({ pause, times, isCaughtUp }): Step => {
        listening += pause
        return times ? delivery(times, 6_000 + listening, listening) : { listening, isCaughtUp }
      })
    })

  test('neither clock nor watermark goes back, and the watermark is behind the clock by the bound', () => {
    fc.assert(
      fc.property(arbitrarySteps, (steps) => {
        const clock = new SharedClock(boundedOutOfOrderness(options.bound), options)
        const state = clock.create()
        for (const step of steps) {
          const { latest, watermark } = state
          if ('isCaughtUp' in step) clock.elapse(state, step.listening, step.isCaughtUp)
          else {
            for (const time of step.times) clock.observe(state, time, step.arrival, step.listening)
            clock.endDelivery(state)
          }
          expect(state.latest).toBeGreaterThanOrEqual(latest)
          expect(state.watermark).toBeGreaterThanOrEqual(watermark)
          expect(state.watermark).toBe(state.latest - options.bound - 1)
          expect(state.ahead.length).toBeLessThanOrEqual(2)
        }
      }),
    )
  })

  test.each([
    ['copied', (state: State) => structuredClone(state)],
    ['written to the store and read again', (state: State) => decode<State>(encode(state))],
  ])('the state %s between all events makes no difference', (_, restore) => {
    fc.assert(
      fc.property(arbitrarySteps, (steps) => {
        const restored = run(steps, { ...options, restore })
        const plain = run(steps, options)
        expect(restored.watermarks).toEqual(plain.watermarks)
        expect(restored.state).toEqual(plain.state)
      }),
    )
  })

  test('any split into deliveries gives the same watermark after the same events', () => {
    const times = fc.array(wildTime, { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(times, fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (given, sizes) => {
        const alone = run(each(given, 6_000), options).watermarks
        for (let from = 0, steps: Step[] = []; from < given.length; ) {
          const to = Math.min(given.length, from + sizes.next().value!)
          steps = [...steps, delivery(given.slice(from, to), 6_000)]
          expect(lastOf(steps, options)).toBe(alone[to - 1])
          from = to
        }
      }),
    )
  })

  test('the spacing of looks makes no difference', () => {
    const spacing = fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 20 })
    fc.assert(
      fc.property(spacing, fc.integer({ min: 0, max: 12_000 }), (spaces, end) => {
        let listening = 0
        const looks: Step[] = []
        for (const space of spaces) {
          listening += space
          if (listening < end) looks.push(look(listening))
        }
        const started = [delivery([1_000, 1_000, 1_000], now, 0), look(0)]
        expect(run([...started, ...looks, look(end)], options).state).toEqual(
          run([...started, look(end)], options).state,
        )
      }),
    )
  })

  test('one wild event among events of any order moves nothing', () => {
    const good = fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 3, maxLength: 30 })
    fc.assert(
      fc.property(good, fc.nat(30), fc.constantFrom(-9_000, 500, 9_000), (times, place, wild) => {
        const expected = run(each(times, 6_000), options).watermarks
        const at = Math.min(place, times.length)
        const disturbed = run(each(times.toSpliced(at, 0, wild), 6_000), options).watermarks.toSpliced(at, 1)
        // A clock that has not started waits for one event more when the wild one was among the first.
        const from = at < 3 ? 3 : 0
        expect(disturbed.slice(from)).toEqual(expected.slice(from))
      }),
    )
  })

  test('three events that agree move the clock to the earliest of them at least', () => {
    const far = fc.integer({ min: 200, max: 5_000 })
    fc.assert(
      fc.property(fc.tuple(far, far, far), (times) => {
        const { state } = run(each([0, 0, 0, ...times]), options)
        expect(state.latest).toBeGreaterThanOrEqual(Math.min(...times))
        expect(times).toContain(state.latest)
      }),
    )
  })
})
