import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueKey, dueKeyBound, dueRange, dueTimeKey, readDueKey } from './due-keys.ts'
import { keyGroup } from './key-group.ts'
import { compareOutboxKeys, outboxKey, readName, readOutboxKey } from './row-keys.ts'
import {
  actorKeyBound,
  actorRange,
  readActor,
  readStateKey,
  stateKeyBound,
  writeActorKey,
  writeStateKey,
} from './state-keys.ts'

/** Names with the characters that matter to an encoding: zero, the ends of its lengths, halves of pairs. */
const name = fc.string({
  unit: fc.constantFrom(
    '\0',
    '\x01',
    'a',
    'b',
    '\x7f',
    '\x80',
    'ÿ',
    '\u07ff',
    '\u0800',
    '\uffff',
    '🪛',
    '\ud83d',
  ),
  maxLength: 4,
})

const time = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-(2 ** 32), 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER),
)

type Part = string | number

/** As bytes of keys sort: texts by code points, a name before any that it begins. */
const compareParts = (one: readonly Part[], other: readonly Part[]): number => {
  for (const [index, part] of one.entries()) {
    const against = other[index] as Part
    const order =
      typeof part === 'number'
        ? part - (against as number)
        : Buffer.compare(codePoints(part), codePoints(against as string))
    if (order !== 0) return Math.sign(order)
  }
  return 0
}

/** Code points as 4 bytes each, a half of a surrogate pair as one of its own. */
const codePoints = (text: string): Buffer => {
  const points = [...text].map((character) => character.codePointAt(0) as number)
  const bytes = Buffer.alloc(4 * points.length)
  for (const [index, point] of points.entries()) bytes.writeUInt32BE(point, 4 * index)
  return bytes
}

/** U+0000 sorts behind U+007F: its bytes are C0 80, so that 00 is left to end names. */
const isPlain = (parts: readonly Part[]): boolean =>
  parts.every((part) => typeof part === 'number' || !part.includes('\0'))

const stateKey = (stage: string, actor: string, step: string, subkey: string): Buffer => {
  const key = Buffer.alloc(stateKeyBound(stage, actor, step, subkey))
  return key.subarray(0, writeStateKey(key, 0, stage, actor, step, subkey))
}

const actorKey = (stage: string, actor: string): Buffer => {
  const key = Buffer.alloc(actorKeyBound(stage, actor))
  return key.subarray(0, writeActorKey(key, 0, stage, actor))
}

describe('state keys', () => {
  const parts = fc.tuple(name, name, name, name)

  test('are read as they were written', () => {
    fc.assert(
      fc.property(parts, ([stage, actor, step, subkey]) => {
        const key = stateKey(stage, actor, step, subkey)
        const first = readName(key, 0)
        const second = readActor(key, first.next)
        expect([first.name, second.actor]).toEqual([stage, actor])
        expect(readStateKey(key, second.next)).toEqual({ step, subkey })
      }),
    )
  })

  test('sort by stage, group, actor, step and sub-key', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(isPlain([...one, ...other]))
        const tuple = ([stage, actor, step, subkey]: readonly [string, string, string, string]) =>
          [stage, keyGroup(actor), actor, step, subkey] as const
        expect(Buffer.compare(stateKey(...one), stateKey(...other))).toBe(
          compareParts(tuple(one), tuple(other)),
        )
      }),
      { numRuns: 1_000 },
    )
  })

  test('are in the range of their own actor, behind its own row, and in no other', () => {
    fc.assert(
      fc.property(parts, name, name, ([stage, actor, step, subkey], otherStage, otherActor) => {
        const key = stateKey(stage, actor, step, subkey)
        const own = actorRange(stage, actor)
        expect(own.start).toEqual(actorKey(stage, actor))
        expect(Buffer.compare(own.start, key)).toBe(-1)
        expect(Buffer.compare(key, own.end)).toBe(-1)
        if (stage === otherStage && actor === otherActor) return
        for (const other of [key, own.start]) {
          const { start, end } = actorRange(otherStage, otherActor)
          expect(Buffer.compare(other, start) >= 0 && Buffer.compare(other, end) < 0).toBe(false)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('due keys', () => {
  const parts = fc.tuple(name, time, name)
  const keyOf = ([stage, when, actor]: readonly [string, number, string]): Buffer =>
    dueKey(stage, { time: when, actor })

  test('are read as they were written, of a fraction the whole below it', () => {
    fc.assert(
      fc.property(parts, fc.double({ min: 0, max: 0.9, noNaN: true }), ([stage, when, actor], fraction) => {
        const { start } = dueRange(stage)
        expect(readDueKey(dueKey(stage, { time: when, actor }), start.length)).toEqual({ time: when, actor })
        const between = Math.trunc(when / 4) + fraction
        const read = readDueKey(dueKey(stage, { time: between, actor }), start.length)
        expect(read.time).toBe(Math.floor(between))
        expect(keyOf([stage, when, actor]).length).toBeLessThanOrEqual(dueKeyBound(stage, actor))
      }),
    )
  })

  test('sort by stage, time, group and actor, and lie in the range of their stage', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(isPlain([...one, ...other]))
        const tuple = ([stage, when, actor]: readonly [string, number, string]) =>
          [stage, when, keyGroup(actor), actor] as const
        expect(Buffer.compare(keyOf(one), keyOf(other))).toBe(compareParts(tuple(one), tuple(other)))
        const { start, end } = dueRange(one[0])
        const isInside = Buffer.compare(keyOf(other), start) >= 0 && Buffer.compare(keyOf(other), end) < 0
        expect(isInside).toBe(one[0] === other[0])
      }),
      { numRuns: 1_000 },
    )
  })

  test('begin, of one time, with what sorts before all of them and behind those of earlier times', () => {
    fc.assert(
      fc.property(parts, time, ([stage, when, actor], bound) => {
        const isBefore = Buffer.compare(keyOf([stage, when, actor]), dueTimeKey(stage, bound)) < 0
        expect(isBefore).toBe(when < bound)
      }),
    )
  })

  test('have no time that is not a number', () => {
    for (const when of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => dueKey('stage', { time: when, actor: 'a' })).toThrow(
        /due time: \S+ is not a number within/,
      )
    }
  })
})

test('outbox keys are read as they were written, and sort by position and index', () => {
  const at = fc.record({ position: fc.maxSafeNat(), index: fc.nat(2 ** 31) })
  fc.assert(
    fc.property(name, at, at, (sink, one, other) => {
      expect(readOutboxKey(outboxKey(sink, one))).toEqual(one)
      expect(Buffer.compare(outboxKey(sink, one), outboxKey(sink, other))).toBe(
        Math.sign(compareOutboxKeys(one, other)),
      )
    }),
  )
})
