import { describe, expect, test } from 'vitest'
import { exponentiallyWeighted } from '../statistics/exponentially-weighted.ts'
import { rollingWelford } from '../statistics/rolling-welford.ts'
import { welford } from '../statistics/welford.ts'
import { at, silence, watermark } from '../testing/notation.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import { migrateState } from '../time/migrate-state.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { type Chosen, choose } from './choose.ts'
import { deviation } from './deviation.ts'
import { inParallel } from './in-parallel.ts'
import { perKey } from './per-key.ts'

type Named = Timed & { readonly of: string; readonly value: number }

type Learned = { readonly baseline: { readonly count: number } }

/** Counts, in a field of its own name, and says so now, in time and in silence. */
const counting = (field: string): Processor<Named, string, Record<string, number>> => ({
  create: () => ({ [field]: 0, due: Number.POSITIVE_INFINITY }),
  onEvent(state, event, out) {
    state[field]!++
    state['due'] = event.time + 5
    out.emit(`${field} ${state[field]}`)
  },
  due: (state) => state['due']!,
  onTime(state, time, out) {
    state['due'] = Number.POSITIVE_INFINITY
    out.emit(`${field} at ${time}`)
  },
  onIdle: (state, out) => out.emit(`${field} silent at ${state[field]}`),
  awaitsSilence: (state) => state[field]! > 1,
})

const letters = choose({
  by: ({ of }: Named) => (of === 'usual' ? undefined : of),
  among: { a: counting('a'), b: counting('b') },
  otherwise: counting('usual'),
})

const of = (name: string, time: number) => at(time, { of: name, value: 1 })
const out = { emit() {}, to() {} }
const turn = { key: 'k', subkey: '', watermark: 0, arrival: 0 }

describe('choose', () => {
  test('gives each sub-key the one its events name, with its timers and silences', () => {
    verifyProcessor(perKey(({ of }: Named) => of, letters))
      .given([of('a', 1), of('usual', 2), of('b', 3), of('a', 4), watermark(8), silence()])
      .expect([
        ...['a 1', 'usual 1', 'b 1', 'a 2'],
        ...['usual at 7', 'b at 8'],
        ...['a silent at 2', 'b silent at 1', 'usual silent at 1'],
      ])
  })

  test('begins anew when another is named, and keeps nothing of the one before', () => {
    verifyProcessor(letters)
      .given([of('a', 1), of('a', 2), of('b', 3), of('usual', 4), watermark(20)])
      .expect(['a 1', 'a 2', 'b 1', 'usual 1', 'usual at 9'])
    const state = letters.create()
    for (const event of [of('a', 1), of('b', 2)]) letters.onEvent(state, event, out, turn)
    expect(state).toEqual({ b: 1, due: 7, chosen: 'b' })
    expect(letters.awaitsSilence?.(state)).toBe(false)
  })

  test('has the state of a processor that stands alone as long as none is named', () => {
    const state = letters.create()
    letters.onEvent(state, of('usual', 1), out, turn)
    expect(state).toEqual({ usual: 1, due: 6 })
  })

  test('waits for nothing with a state whose processor is gone, until the next event', () => {
    const state: Chosen = Object.assign(letters.create(), { chosen: 'gone', due: 3 })
    expect(letters.due?.(state)).toBe(Number.POSITIVE_INFINITY)
    letters.onTime?.(state, 9, out, turn)
    letters.onEvent(state, of('a', 10), out, turn)
    expect(state).toEqual({ a: 1, due: 15, chosen: 'a' })
  })

  test('refuses a name that is not among them, also one that every object has', () => {
    for (const name of ['c', 'constructor', '__proto__']) {
      expect(() => letters.onEvent(letters.create(), of(name, 1), out, turn)).toThrow(
        `"${name}" is not among "a", "b"`,
      )
    }
  })

  test('refuses what cannot stand in for each other', () => {
    const by = (): undefined => undefined
    const otherwise = counting('usual')
    const later = { ...counting('a'), version: 2 }
    expect(() => choose({ by, among: { later }, otherwise })).toThrow(
      '"later" is at version 2, otherwise at 1: bring them to the same',
    )
    const several = inParallel(counting('a'), counting('b'))
    expect(() => choose({ by, among: { several }, otherwise })).toThrow('"several" is a composition')
  })

  describe('migrates', () => {
    /** Counts like `counting`, and keeps since version 2 what `since` makes of what it kept before. */
    const second = (field: string, since?: (saved: Record<string, number>) => Record<string, number>) => ({
      ...counting(field),
      version: 2,
      ...(since ? { migrations: { 1: since } } : {}),
    })
    const scaled = (by: number) => (saved: Record<string, number>) =>
      Object.fromEntries(Object.entries(saved).map(([name, value]) => [name, value * by]))
    const byName = ({ of }: Named) => (of === 'usual' ? undefined : of)
    const grown = choose({
      by: byName,
      among: { a: second('a', scaled(10)), b: second('b', (saved) => saved) },
      otherwise: second('usual', scaled(100)),
    })
    const savedFor = (name: string): Chosen => {
      const state = letters.create()
      letters.onEvent(state, of(name, 5), out, turn)
      return state
    }

    test('each state by the processor it belongs to, in a row of its own and among others', () => {
      const expected = { usual: { usual: 100, due: 1_000 }, a: { a: 10, due: 100, chosen: 'a' } }
      expect(migrateState(grown, savedFor('usual'), 1)).toEqual(expected.usual)
      expect(migrateState(grown, savedFor('a'), 1)).toEqual(expected.a)
      expect(migrateState(grown, savedFor('b'), 1)).toEqual(savedFor('b'))
      const each = perKey(byName as (event: Named) => string, inParallel(grown, counting('beside')))
      const row = [savedFor('a'), { beside: 3 }]
      expect(migrateState(each.each, row, [1, 1, 1])).toEqual([expected.a, { beside: 3 }])
    })

    test('what goes on counts from there', () => {
      const state = migrateState(grown, savedFor('a'), 1) as Chosen
      grown.onEvent(state, of('a', 6), out, turn)
      expect(state).toEqual({ a: 11, due: 11, chosen: 'a' })
    })

    test('nothing of one that is gone, which begins anew as another', () => {
      const left = { left: 1, chosen: 'gone' }
      const state = migrateState(grown, { ...left }, 1) as Chosen
      expect(state).toEqual(left)
      grown.onEvent(state, of('b', 6), out, turn)
      expect(state).toEqual({ b: 1, due: 11, chosen: 'b' })
    })

    test('not without a migration of that one, whatever the others have', () => {
      const partly = choose({ by: byName, among: { a: second('a') }, otherwise: second('usual', scaled(1)) })
      expect(migrateState(partly, savedFor('usual'), 1)).toEqual(savedFor('usual'))
      expect(() => migrateState(partly, savedFor('a'), 1)).toThrow(
        /from version 1 threw: .*"a" has none from there: give it one/,
      )
    })
  })

  test('lets deviations of one step learn from different baselines', () => {
    const options = { sigmas: 3, inOrder: true }
    const byMetric = perKey(
      ({ of }: Named) => of,
      choose({
        by: ({ of }: Named) => (of === 'all' ? undefined : of),
        among: {
          rolling: deviation(rollingWelford({ over: 10, panes: 2 }), options),
          weighted: deviation(exponentiallyWeighted(5), options),
        },
        otherwise: deviation(welford(), options),
      }),
    )
    const states = byMetric.create()
    for (let time = 0; time < 100; time++) {
      for (const name of ['all', 'rolling', 'weighted']) byMetric.onEvent(states, of(name, time), out, turn)
    }
    const counts = [...states].map(([name, state]) => [name, (state as Learned).baseline.count])
    expect(Object.fromEntries(counts)).toEqual({ all: 100, rolling: 15, weighted: 100 })
    expect(states.get('weighted')).toHaveProperty('baseline.variance')
  })
})
