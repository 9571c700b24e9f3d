import { describe, expect, test } from 'vitest'
import { at, silence, watermark } from '../testing/notation.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import type { Processor } from '../time/processor.ts'
import { versionOf } from '../time/state-version.ts'
import type { Timed } from '../time/timed.ts'
import { ordered } from './ordered.ts'
import { perKey } from './per-key.ts'

type Keyed = Timed & { readonly key: string }

/** Numbers its events, and says goodbye five milliseconds after the last. */
const numbered = (): Processor<Keyed, string, { count: number; due: number; key: string }> => ({
  version: 3,
  create: () => ({ count: 0, due: Number.POSITIVE_INFINITY, key: '' }),
  onEvent(state, { key, time }, turn) {
    state.count += 1
    state.key = key
    state.due = time + 5
    turn.emit(`${key}${state.count}`)
  },
  due: (state) => state.due,
  onTime(state, time, turn) {
    state.due = Number.POSITIVE_INFINITY
    turn.emit(`${state.key} left at ${time}`)
  },
  onIdle: (state, turn) => turn.emit(`${state.key} is silent`),
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
