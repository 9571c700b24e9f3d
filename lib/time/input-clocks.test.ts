import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hours, minutes } from './duration.ts'
import {
  checkInputNames,
  checkMaxDrift,
  combineClocks,
  createCombinedClock,
  type InputClock,
  mayStart,
  mustWait,
} from './input-clocks.ts'
import { SharedClock } from './shared-clock.ts'
import { boundedOutOfOrderness } from './watermark-policy.ts'

const never = Number.NEGATIVE_INFINITY
const active = (watermark: number): InputClock => ({ watermark, idle: false, ended: false })
const idle = (watermark: number): InputClock => ({ watermark, idle: true, ended: false })
const ended = (watermark: number): InputClock => ({ watermark, idle: false, ended: true })

/** The clock of a stage after its inputs have been as given, one after the other. */
const combine = (...given: readonly (readonly InputClock[])[]) => {
  const clock = createCombinedClock()
  for (const inputs of given) combineClocks(clock, inputs)
  return clock
}

describe('the clock of a stage', () => {
  test.each([
    { name: 'is that of a single input', inputs: [active(7)], watermark: 7 },
    { name: 'is the minimum of several', inputs: [active(7), active(3), active(9)], watermark: 3 },
    { name: 'has not started before all have', inputs: [active(7), active(never)], watermark: never },
    { name: 'leaves out idle inputs', inputs: [active(7), idle(3)], watermark: 7 },
    { name: 'leaves out idle inputs ahead', inputs: [active(3), idle(7)], watermark: 3 },
    { name: 'leaves out idle inputs that never started', inputs: [active(7), idle(never)], watermark: 7 },
    { name: 'leaves out inputs that have ended', inputs: [active(7), ended(3)], watermark: 7 },
    { name: 'is the maximum when all are idle', inputs: [idle(4), idle(5)], watermark: 5, idle: true },
    { name: 'is idle with those that have not ended', inputs: [idle(4), ended(5)], watermark: 4, idle: true },
    { name: 'may be idle without having started', inputs: [idle(never)], watermark: never, idle: true },
    { name: 'has ended when all have', inputs: [ended(4), ended(5)], watermark: never, ended: true },
  ])('$name', ({ inputs, watermark, idle = false, ended = false }) => {
    expect(combine(inputs)).toEqual({ watermark, idle, ended })
  })

  test('keeps its watermark at the end, which is none', () => {
    expect(combine([active(4), active(5)], [ended(4), ended(5)])).toEqual({
      watermark: 4,
      idle: false,
      ended: true,
    })
  })

  test('is the same in whichever order inputs become idle', () => {
    expect(combine([active(5), active(4)], [idle(5), active(4)], [idle(5), idle(4)]).watermark).toBe(5)
    expect(combine([active(5), active(4)], [active(5), idle(4)], [idle(5), idle(4)]).watermark).toBe(5)
    const watermarks = fc.array(fc.integer(), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(watermarks, fc.func(fc.integer()), (given, orderOf) => {
        const inputs = given.map(active)
        const clock = combine(inputs)
        const order = given.map((_, place) => place).toSorted((a, b) => orderOf(a) - orderOf(b))
        for (const place of order) {
          inputs[place] = idle(given[place]!)
          combineClocks(clock, inputs)
        }
        expect(clock).toEqual({ watermark: Math.max(...given), idle: true, ended: false })
      }),
    )
  })

  test('is the maximum also when the last to become idle had not caught up again', () => {
    const resumed = combine([active(10), idle(3)], [active(10), active(5)], [idle(12), active(5)])
    expect(resumed.watermark).toBe(10)
    combineClocks(resumed, [idle(12), idle(5)])
    expect(resumed).toEqual({ watermark: 12, idle: true, ended: false })
  })

  test('waits for an input that is behind it after a silence, and then goes on with it', () => {
    const silent = [active(100), idle(50)]
    expect(combine(silent, [active(110), active(60)])).toMatchObject({ watermark: 100, idle: false })
    expect(combine(silent, [active(120), active(60)], [active(120), active(105)]).watermark).toBe(105)
  })

  test('reports whether its watermark moved', () => {
    const clock = createCombinedClock()
    expect(combineClocks(clock, [active(never), active(3)])).toBe(false)
    expect(combineClocks(clock, [active(1), active(3)])).toBe(true)
    expect(combineClocks(clock, [active(1), active(4)])).toBe(false)
    expect(combineClocks(clock, [active(0), active(4)])).toBe(false)
  })

  test('is an input clock for the stage behind it', () => {
    const merged = combine([active(7), active(3)])
    expect(combine([merged, active(5)]).watermark).toBe(3)
    expect(combine([combine([idle(3)]), active(5)]).watermark).toBe(5)
    expect(combine([combine([ended(3)]), active(5)]).watermark).toBe(5)
  })

  test('goes on with the last input that is silent, as its source does', () => {
    const clock = new SharedClock(boundedOutOfOrderness(0))
    const orders = clock.create()
    const payments = clock.create()
    const stage = createCombinedClock()
    const arrival = hours(9)
    for (let count = 0; count < 3; count += 1) {
      clock.observe(orders, 10_000, arrival, 0)
      clock.observe(payments, 5_000, arrival, 0)
    }
    clock.endDelivery(orders)
    clock.endDelivery(payments)
    combineClocks(stage, [orders, payments])
    expect(stage.watermark).toBe(4_999)

    // Orders go on, payments cannot show that they are caught up: they hold back time.
    clock.observe(orders, 80_000, arrival, minutes(2))
    clock.endDelivery(orders)
    clock.elapse(payments, minutes(2), false)
    combineClocks(stage, [orders, payments])
    expect(stage.watermark).toBe(4_999)

    // They can, and are idle a minute later.
    clock.elapse(payments, minutes(2), true)
    clock.elapse(payments, minutes(3), true)
    combineClocks(stage, [orders, payments])
    expect(stage).toMatchObject({ watermark: 79_999, idle: false })

    // Orders are silent too: time goes on from theirs, the later.
    clock.elapse(orders, minutes(2), true)
    clock.elapse(orders, minutes(3), true)
    combineClocks(stage, [orders, payments])
    expect(stage).toMatchObject({ watermark: 139_999, idle: true })

    // A payment that is behind the stage holds it where it is.
    clock.observe(payments, 70_000, arrival, minutes(3))
    clock.endDelivery(payments)
    combineClocks(stage, [orders, payments])
    expect(stage).toMatchObject({ watermark: 139_999, idle: false })
  })

  test('never goes back, never ends twice and forgets nothing when it is restored, whatever inputs do', () => {
    const input = fc.record({
      watermark: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant(never)),
      idle: fc.boolean(),
      ended: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(fc.array(input, { minLength: 3, maxLength: 3 })), (given) => {
        let clock = createCombinedClock()
        for (const inputs of given) {
          const before = clock
          clock = structuredClone(clock)
          const moved = combineClocks(clock, inputs)
          expect(clock.watermark).toBeGreaterThanOrEqual(before.watermark)
          expect(moved).toBe(clock.watermark !== before.watermark)
          expect(clock.ended).toBe(inputs.every((one) => one.ended))
          const counted = inputs.filter((one) => !one.ended && !one.idle)
          for (const one of counted) {
            if (one.watermark >= before.watermark) expect(clock.watermark).toBeLessThanOrEqual(one.watermark)
            else expect(clock.watermark).toBe(before.watermark)
          }
        }
      }),
    )
  })
})

describe('a pulled input that is ahead', () => {
  test.each([
    { name: 'waits beyond maxDrift', inputs: [active(161), active(100)], waits: true },
    { name: 'does not wait at maxDrift', inputs: [active(160), active(100)], waits: false },
    { name: 'does not wait for an idle input', inputs: [active(161), idle(100)], waits: false },
    { name: 'does not wait for one that has ended', inputs: [active(161), ended(100)], waits: false },
    { name: 'waits for one that has not started', inputs: [active(100), active(never)], waits: true },
    { name: 'does not wait to start itself', inputs: [active(never), active(never)], waits: false },
    { name: 'does not wait for itself', inputs: [active(161)], waits: false },
    { name: 'does not wait when no other is active', inputs: [idle(161), idle(0)], waits: false },
  ])('$name', ({ inputs, waits }) => {
    expect(mustWait(inputs[0]!, inputs, 60)).toBe(waits)
  })

  test('never waits without a limit', () => {
    const inputs = [active(100), active(never)]
    expect(mustWait(inputs[0]!, inputs, Number.POSITIVE_INFINITY)).toBe(false)
  })

  test.each([-1, Number.NaN])('is not given a maxDrift of %s', (maxDrift) => {
    expect(() => checkMaxDrift(maxDrift)).toThrow(
      `maxDrift must be 0 ms or more, got ${maxDrift}: give a duration like minutes(5)`,
    )
    expect(() => checkMaxDrift(0)).not.toThrow()
    expect(() => checkMaxDrift(Number.POSITIVE_INFINITY)).not.toThrow()
  })

  test('leaves one that may go on, so that they never wait for each other', () => {
    const watermark = fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constant(never))
    fc.assert(
      fc.property(fc.array(watermark, { minLength: 1 }), fc.nat(100), (watermarks, maxDrift) => {
        const inputs = watermarks.map(active)
        expect(inputs.some((input) => !mustWait(input, inputs, maxDrift))).toBe(true)
      }),
    )
  })

  test('does not become idle while it waits, and goes on when the slowest does', () => {
    const clock = new SharedClock(boundedOutOfOrderness(0))
    const fast = clock.create()
    for (const time of [500, 500, 500]) clock.observe(fast, time, hours(1), 0)
    clock.endDelivery(fast)
    expect(mustWait(fast, [fast, active(100)], 60)).toBe(true)
    clock.elapse(fast, 0, false)
    clock.elapse(fast, hours(1), false)
    expect(fast).toMatchObject({ idle: false, watermark: 499 })
    expect(mustWait(fast, [fast, active(450)], 60)).toBe(false)
  })
})

describe('reference inputs', () => {
  test.each([
    { references: [], starts: true },
    { references: [{ caughtUp: false, ended: false }], starts: false },
    { references: [{ caughtUp: true, ended: false }], starts: true },
    { references: [{ caughtUp: false, ended: true }], starts: true },
    {
      references: [
        { caughtUp: true, ended: false },
        { caughtUp: false, ended: false },
      ],
      starts: false,
    },
  ])('$references let the other inputs start: $starts', ({ references, starts }) => {
    expect(mayStart(references)).toBe(starts)
  })
})

describe('names of inputs', () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `source ${index}`)

  test('are allowed up to 1,024', () => {
    expect(() => checkInputNames('stage "cards"', names(1_024))).not.toThrow()
    expect(() => checkInputNames('stage "cards"', names(1_025))).toThrow(
      'stage "cards" has 1025 inputs, and at most 1024 are allowed: let one source deliver for several of them',
    )
  })

  test('are at least one, and none twice', () => {
    expect(() => checkInputNames('stage "cards"', [])).toThrow(
      'stage "cards" has no inputs: give it at least one',
    )
    expect(() => checkInputNames('stage "cards"', ['a', 'b', 'a'])).toThrow(
      'stage "cards" has two inputs named "a": give each a name of its own',
    )
  })
})
