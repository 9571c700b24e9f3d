import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { migrateState, type SavedPart, StateNotMigrated } from './migrate-state.ts'
import type { Versioned } from './processor.ts'
import { type StateVersion, versionInWords, versionOf } from './state-version.ts'

interface Stepped {
  readonly name: string
  readonly steps: number
}

/** A state that counts the migrations it has been through. */
const leaf = (name: string, version: number): Versioned => ({
  version,
  migrations: Object.fromEntries(
    Array.from({ length: version - 1 }, (_, at) => [
      at + 1,
      ({ name, steps }: Stepped): Stepped => ({ name, steps: steps + 1 }),
    ]),
  ),
  create: () => ({ name, steps: version }),
})

const composed = (...parts: readonly Versioned[]): Versioned => ({
  parts,
  create: () => parts.map((part) => part.create()),
})

const keyed = (each: Versioned): Versioned =>
  Object.assign({ create: () => new Map(['a', 'b'].map((subkey) => [subkey, each.create()])) }, { each })

/** A processor as it was, and as it is after any of its leaves have moved on. */
interface Moved {
  readonly before: Versioned
  readonly after: Versioned
}

const moved = fc.letrec<{ any: Moved; leaf: Moved; composed: Moved; keyed: Moved }>((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('composed'), tie('keyed')),
  leaf: fc
    .tuple(fc.string(), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }))
    .map(([name, from, more]) => ({ before: leaf(name, from), after: leaf(name, from + more) })),
  composed: fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((parts) => ({
    before: composed(...parts.map(({ before }) => before)),
    after: composed(...parts.map(({ after }) => after)),
  })),
  keyed: tie('any').map(({ before, after }) => ({ before: keyed(before), after: keyed(after) })),
})).any

test('whichever parts have moved on, a saved state becomes the one that they would make', () => {
  fc.assert(
    fc.property(moved, ({ before, after }) => {
      const saved = before.create()
      expect(migrateState(after, saved, versionOf(before))).toEqual(after.create())
    }),
  )
})

test('a state is never taken backwards: a processor older than it is refused', () => {
  fc.assert(
    fc.property(moved, ({ before, after }) => {
      fc.pre(versionInWords(versionOf(before)) !== versionInWords(versionOf(after)))
      expect(() => migrateState(before, after.create(), versionOf(after))).toThrow(/older than the one/)
    }),
  )
})

test('a version is a number, and of a composition a list', () => {
  expect(versionOf(leaf('a', 3))).toBe(3)
  expect(versionOf({ create: () => null })).toBe(1)
  const nested = composed(leaf('a', 2), composed(leaf('b', 1), keyed(leaf('c', 5))))
  expect(versionOf(nested)).toEqual([1, 2, [1, 1, 5]])
  expect(versionInWords(versionOf(nested))).toBe('1 (2, 1 (1, 5))')
})

describe('a composition whose parts are others now', () => {
  const saved = [
    { name: 'a', steps: 1 },
    { name: 'b', steps: 2 },
  ]
  const from: StateVersion = [1, 1, 2]

  test('is refused as long as nothing says which part goes where', () => {
    const grown = composed(leaf('a', 1), leaf('b', 2), leaf('c', 1))
    expect(() => migrateState(grown, saved, from)).toThrow(/a composition of 2, and this is one of 3\. Give/)
  })

  test('is put together anew by a migration of its own, and every part that stays is migrated', () => {
    const own = { 1: ([a, b]: readonly SavedPart[]) => [b, undefined, a] }
    const grown = { ...composed(leaf('b', 3), leaf('c', 7), leaf('a', 4)), version: 2, migrations: own }
    expect(versionOf(grown)).toEqual([2, 3, 7, 4])
    expect(migrateState(grown, saved, from)).toEqual(grown.create())
  })

  test('may have been a single processor', () => {
    const own = { 1: ([only]: readonly SavedPart[]) => [only, undefined] }
    const pair = { ...composed(leaf('a', 2), leaf('b', 1)), version: 2, migrations: own }
    expect(migrateState(pair, saved[0], 1)).toEqual(pair.create())
  })

  test('is refused when its migration returns anything but parts', () => {
    const own = { 1: () => saved }
    expect(() =>
      migrateState({ ...composed(leaf('a', 1)), version: 2, migrations: own }, saved, from),
    ).toThrow(/must return one entry for each part/)
  })

  test('cannot become a single processor', () => {
    expect(() => migrateState(leaf('a', 2), saved, from)).toThrow(
      /saved as a composition at version 1 \(1, 2\)/,
    )
  })
})

describe('refused in words', () => {
  test.each([
    [
      'a missing migration',
      { version: 3, migrations: { 1: () => 'two' } },
      /version 3 without .* from version 2/,
    ],
    ['a newer state', { version: 1 }, /saved by version 2, and this is version 1: the program is older/],
    [
      'a migration that returns nothing',
      { version: 3, migrations: { 2: () => undefined } },
      /returned nothing/,
    ],
  ])('%s', (_what, processor, words) => {
    expect(() => migrateState({ ...processor, create: () => null }, 'saved', 2)).toThrow(words)
  })

  test('a migration that throws, with what it threw', () => {
    const broken = { 1: () => JSON.parse('{') }
    const migrate = (): unknown =>
      migrateState(composed({ version: 2, migrations: broken, create: () => null }), ['saved'], [1, 1])
    expect(migrate).toThrow(StateNotMigrated)
    expect(migrate).toThrow(/^part 1 of it: its migration from version 1 threw: SyntaxError/)
  })

  test('one state where there is one for each sub-key now, inside a composition', () => {
    const each = composed(keyed(leaf('a', 1)))
    expect(() => migrateState(each, [{ name: 'a', steps: 1 }], [1, 1])).toThrow(
      /part 1 of it: .* each sub-key/,
    )
  })
})
