import { describe, expect, test } from 'vitest'
import { at, silence, watermark } from '../testing/notation.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import type { Processor } from '../time/processor.ts'
import { versionOf } from '../time/state-version.ts'
import type { Timed } from '../time/timed.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import { inSequence } from './in-sequence.ts'
import { ordered } from './ordered.ts'
import { perKey } from './per-key.ts'
import { watermarks } from './watermarks.ts'

type Keyed = Timed & { readonly key: string }

/** Numbers its events, and says goodbye five milliseconds after the last. */
const numbered = (): Processor<Keyed, string, { count: number; due: number; key: string }> => ({
  version: 3,
  create: () => ({ count: 0, due: Number.POSITIVE_INFINITY, key: '' }),
  onEvent(state, { key, time }, out) {
    state.count += 1
    state.key = key
    state.due = time + 5
    out.emit(`${key}${state.count}`)
  },
  due: (state) => state.due,
  onTime(state, time, out) {
    state.due = Number.POSITIVE_INFINITY
    out.emit(`${state.key} left at ${time}`)
  },
  onIdle: (state, out) => out.emit(`${state.key} is silent`),
})

const keyOf = (event: Keyed): string => event.key

describe('perKey', () => {
  test('gives each sub-key a state of its own', () => {
    verifyProcessor(perKey(keyOf, numbered()))
      .given(['a', 'b', 'a', '__proto__', 'a', '__proto__'].map((key, index) => at(index, { key })))
      .expect(['a1', 'b1', 'a2', '__proto__1', 'a3', '__proto__2', 'b left at 6'].slice(0, 6))
  })

  test('fires timers in order of time, and those due together in order of their sub-keys', () => {
    verifyProcessor(perKey(keyOf, numbered()))
      .given([at(2, { key: 'c' }), at(3, { key: 'b' }), at(3, { key: 'a' }), silence(), watermark(9)])
      .expect([
        'c1',
        'b1',
        'a1',
        'a is silent',
        'b is silent',
        'c is silent',
        'c left at 7',
        'a left at 8',
        'b left at 8',
      ])
  })

  test('shows each state its sub-key, the innermost where one stands in another', () => {
    const telling: Processor<Keyed, string, { due: number }> = {
      create: () => ({ due: Number.POSITIVE_INFINITY }),
      onEvent(state, { time }, out, { key, subkey, watermark, arrival }) {
        state.due = time + 5
        out.emit(`${key}/${subkey} at ${watermark} ${arrival}`)
      },
      due: ({ due }) => due,
      onTime(state, time, out, { key, subkey }) {
        state.due = Number.POSITIVE_INFINITY
        out.emit(`${key}/${subkey} timer ${time}`)
      },
      onIdle: (_state, out, { key, subkey }) => out.emit(`${key}/${subkey} silent`),
    }
    const inner = perKey(({ time }: Keyed) => `t${time}`, telling)
    verifyProcessor(perKey(keyOf, inner), { key: 'actor' })
      .given([watermark(1), at(2, { key: 'b' }), at(2, { key: 'a' }), silence(), watermark(9)])
      .expect([
        ...['actor/t2 at 1 2', 'actor/t2 at 1 2', 'actor/t2 silent', 'actor/t2 silent'],
        ...['actor/t2 timer 7', 'actor/t2 timer 7'],
      ])
    verifyProcessor(perKey(keyOf, telling))
      .given([at(2, { key: 'b' }), at(2, { key: 'a' }), silence(), watermark(9)])
      .expect([
        ...['actor/b at -Infinity 2', 'actor/a at -Infinity 2', 'actor/a silent', 'actor/b silent'],
        ...['actor/a timer 7', 'actor/b timer 7'],
      ])
  })

  test('goes on with the sub-key of before when what it emits comes back to it', () => {
    const echo: Processor<Keyed, Keyed> = {
      create: () => null,
      onEvent(_state, event, out, turn) {
        if (event.key !== 'end') out.emit(at(event.time, { key: 'end' }))
        out.emit(at(event.time, { key: turn.subkey }))
      },
    }
    const keyed = perKey(keyOf, echo)
    verifyProcessor(inSequence(keyed, keyed))
      .given([at(1, { key: 'a' })])
      .expect(['end', 'end', 'a'].map((key) => at(1, { key })))
  })

  test('lets a clock step for each sub-key move the clock', () => {
    verifyProcessor(perKey(keyOf, watermarks<Keyed, unknown>(boundedOutOfOrderness(1), { earliest: 0 })))
      .given([at(5, { key: 'a' }), at(4, { key: 'b' })])
      .expect([at(5, { key: 'a' }), watermark(3), at(4, { key: 'b' })])
  })

  test('says what the runner needs to keep the sub-keys in rows of their own', () => {
    const each = numbered()
    const keyed = perKey(keyOf, each)
    expect(keyed.keyOf(at(1, { key: 'a' }))).toBe('a')
    expect(keyed.each).toBe(each)
    expect(versionOf(keyed)).toBe(3)
    expect(versionOf(perKey(keyOf, ordered()))).toBe(1)
  })

  test('has no timer when the processor has none', () => {
    const keyed = perKey(keyOf, { create: () => ({}), onEvent() {} })
    expect(keyed.due?.(new Map([['a', {}]]))).toBe(Number.POSITIVE_INFINITY)
  })
})
