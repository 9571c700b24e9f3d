import { describe, expect, test } from 'vitest'
import { count } from '../statistics/count.ts'
import { max } from '../statistics/max.ts'
import { mean } from '../statistics/mean.ts'
import { at, silence, tagged, wallTime, watermark } from '../testing/notation.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import { late, outputTag, quarantined } from '../time/output-tag.ts'
import type { Processor } from '../time/processor.ts'
import { versionOf } from '../time/state-version.ts'
import type { Timed } from '../time/timed.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import { inParallel } from './in-parallel.ts'
import { inSequence } from './in-sequence.ts'
import { ordered } from './ordered.ts'
import { perKey } from './per-key.ts'
import { tumbling } from './tumbling.ts'
import { watermarks } from './watermarks.ts'
import { window } from './window.ts'

type Named = Timed & { readonly value: string }

/** Passes events on with its name, and an own one when a time has come. */
const named = (name: string, due: number): Processor<Named, Named, { due: number }> => ({
  create: () => ({ due }),
  onEvent: (_state, { time, value }, out) => out.emit({ time, value: `${value}${name}` }),
  due: (state) => state.due,
  onTime(state, time, out) {
    state.due = Number.POSITIVE_INFINITY
    out.emit({ time, value: `timer ${name}` })
  },
  onIdle: (_state, out) => out.emit({ time: 0, value: `idle ${name}` }),
})

describe('inSequence', () => {
  test('hands what one step emits to the next', () => {
    verifyProcessor(inSequence(named('1', 99), named('2', 99), named('3', 99)))
      .given([at(1, 'a'), at(2, 'b')])
      .expect([at(1, 'a123'), at(2, 'b123')])
  })

  test('fires timers due together in order of place, and what they emit reaches the next step first', () => {
    verifyProcessor(inSequence(named('1', 5), named('2', 5), named('3', 4)))
      .given([watermark(10)])
      .expect([at(4, 'timer 3'), at(5, 'timer 123'), at(5, 'timer 23')])
  })

  test('what a window emits for its last moment is in time for a window behind it that ends then too', () => {
    const maxOfMeans = inSequence(window(tumbling(10), mean()), window(tumbling(30), max()))
    const values = [2, 4, 10, 20, 5, 7]
    verifyProcessor(maxOfMeans)
      .given([...values.map((value, index) => at(index * 5, value)), watermark(29), at(29, 9), watermark(59)])
      .expect([
        { time: 29, window: { start: 0, end: 30 }, value: 15, count: 3, status: 'final' },
        tagged(late, at(29, 9)),
      ])
  })

  test('sends late and untrusted events aside and moves the clock, from any place', () => {
    const ordering = inSequence(
      watermarks<Named, { latest: number }>(boundedOutOfOrderness(2), { earliest: 0 }),
      ordered(),
    )
    verifyProcessor(ordering)
      .given([wallTime(100), at(10, 'b'), at(8, 'a'), at(14, 'c'), at(11, 'late'), at(-5, 'bad')])
      .expect([
        watermark(7),
        at(8, 'a'),
        at(10, 'b'),
        watermark(11),
        tagged(late, at(11, 'late')),
        tagged(quarantined, at(-5, 'bad'), /before/),
      ])
  })

  test('shows every step the same turn, and takes what any of them sends to a tag', () => {
    const noted = outputTag<string>('noted')
    const noting: Processor<Named, Named> = {
      create: () => null,
      onEvent(_state, event, out, { key, watermark, arrival }) {
        out.to(noted, `${key} ${watermark} ${arrival}`, event.value)
        out.emit(at(event.time, `${event.value}!`))
      },
    }
    verifyProcessor(inSequence(noting, inParallel(noting), noting), { key: 'k' })
      .given([watermark(4), wallTime(7), at(5, 'a')])
      .expect([...['a', 'a!', 'a!!'].map((reason) => tagged(noted, 'k 4 7', reason)), at(5, 'a!!!')])
  })

  test('tells only its last step of a silence', () => {
    verifyProcessor(inSequence(named('1', 99), named('2', 99)))
      .given([silence()])
      .expect([at(0, 'idle 2')])
  })

  test('can stand inside itself', () => {
    const twice = inSequence(named('x', 99), named('y', 99))
    verifyProcessor(inSequence(twice, twice))
      .given([at(1, ''), at(2, '')])
      .expect([at(1, 'xyxy'), at(2, 'xyxy')])
  })

  test('goes on with the next event after a step threw', () => {
    const faulty: Processor<Named, Named> = {
      create: () => null,
      onEvent(_state, event, out) {
        if (event.value === 'bad1') throw new Error('bad event')
        out.emit(event)
      },
    }
    const sequence = inSequence(named('1', 99), faulty)
    const state = sequence.create()
    const seen: unknown[] = []
    const out = { emit: (value: unknown) => void seen.push(value), to() {} }
    const turn = { key: 'k', subkey: '', watermark: 0, arrival: 0 }
    expect(() => sequence.onEvent(state, at(1, 'bad'), out, turn)).toThrow('bad event')
    sequence.onEvent(state, at(2, 'good'), out, turn)
    expect(seen).toEqual([at(2, 'good1')])
  })
})

describe('inParallel', () => {
  test('gives every event to each, and their outputs in order of place', () => {
    verifyProcessor(inParallel(named('1', 5), named('2', 4), named('3', 5)))
      .given([at(1, 'a'), silence(), watermark(9)])
      .expect([
        at(1, 'a1'),
        at(1, 'a2'),
        at(1, 'a3'),
        at(0, 'idle 1'),
        at(0, 'idle 2'),
        at(0, 'idle 3'),
        at(4, 'timer 2'),
        at(5, 'timer 1'),
        at(5, 'timer 3'),
      ])
  })

  test('reports an event once that is late for several', () => {
    verifyProcessor(inParallel(ordered(), window(tumbling(10), count())))
      .given([watermark(20), at(3, 'a')])
      .expect([tagged(late, at(3, 'a'))])
  })
})

test('a state for each metric may be several processors, some behind others', () => {
  type Measured = Timed & { readonly metric: string; readonly value: number }
  const perMetric = perKey(
    (event: Measured) => event.metric,
    inParallel(ordered<Measured>(), inSequence(window(tumbling(10), mean()), window(tumbling(20), max()))),
  )
  verifyProcessor(perMetric)
    .given([
      at(2, { metric: 'p', value: 3 }),
      at(1, { metric: 't', value: 5 }),
      at(12, { metric: 't', value: 4 }),
      watermark(40),
    ])
    .expect([
      at(1, { metric: 't', value: 5 }),
      at(2, { metric: 'p', value: 3 }),
      at(12, { metric: 't', value: 4 }),
      { time: 19, window: { start: 0, end: 20 }, value: 3, count: 1, status: 'final' },
      { time: 19, window: { start: 0, end: 20 }, value: 5, count: 2, status: 'final' },
    ])
})

test('the version of a composition says that of each of its parts', () => {
  const moved = { ...ordered<Named>(), version: 3 }
  expect(versionOf(inSequence(ordered<Named>(), moved))).toEqual([1, 1, 3])
  expect(versionOf(inParallel(moved, inSequence(moved, ordered<Named>())))).toEqual([1, 3, [1, 3, 1]])
  expect(
    versionOf(
      inParallel(
        moved,
        perKey(({ value }: Named) => value, moved),
      ),
    ),
  ).toEqual([1, 3, 3])
})
