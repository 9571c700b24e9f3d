import fc from 'fast-check'
import { expect, test } from 'vitest'
import { longestSubjectToken, nameOfSubjectToken, subjectToken } from './subject-token.ts'

const anyUnits = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
const anyName = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  anyUnits.map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '',
    '=',
    '==',
    '=-',
    '=00',
    '\0',
    'a\r\nPUB x 1\r\n',
    '*',
    '>',
    '..',
    '.',
    '$SYS',
    '\ud800',
    '\udc00',
  ),
)

test('every name becomes one harmless token of bounded length', () => {
  fc.assert(
    fc.property(anyName, (name) => {
      const token = subjectToken(name)
      expect(token).toMatch(/^[A-Za-z0-9_=-]+$/)
      expect(token.length).toBeLessThanOrEqual(longestSubjectToken)
    }),
    { numRuns: 2_000 },
  )
})

test('different names give different tokens', () => {
  fc.assert(
    fc.property(anyName, anyName, (one, other) => {
      if (one !== other) expect(subjectToken(one)).not.toBe(subjectToken(other))
    }),
    { numRuns: 5_000 },
  )
})

test('names whose encodings look alike stay apart', () => {
  const alike = [
    '',
    '=',
    '==',
    '=-',
    '=3D',
    '=3D3D',
    'a',
    'a=',
    'a=00',
    'a\0',
    '\ud800',
    '\ufffd',
    '\udc00\ud800',
    '😀',
  ]
  expect(new Set(alike.map(subjectToken)).size).toBe(alike.length)
})

test('a token says which name it came from unless it was shortened', () => {
  fc.assert(
    fc.property(anyName, (name) => {
      const token = subjectToken(name)
      expect(nameOfSubjectToken(token)).toBe(token.includes('=-') ? undefined : name)
    }),
    { numRuns: 5_000 },
  )
})

test('no string is decoded that the encoder would not make', () => {
  const strangers = ['', 'a.b', '=4', '=zz', '=61', 'a=', '=2d', '=ff=-', '*', '=C3', 'a'.repeat(201)]
  for (const token of strangers) expect(nameOfSubjectToken(token)).toBeUndefined()
})

test('common device names read as they are', () => {
  expect(subjectToken('press-7')).toBe('press-7')
  expect(subjectToken('Halle 3/Presse')).toBe('Halle=203=2FPresse')
  expect(subjectToken('Kühler')).toBe('K=C3=BChler')
  expect(subjectToken('$SYS')).toBe('=24SYS')
  expect(subjectToken('..')).toBe('=2E=2E')
})

test('long names keep a readable beginning and differ by their digest', () => {
  const tokens = ['x', 'y'].map((end) => subjectToken('ü'.repeat(300) + end))
  for (const token of tokens) expect(token).toMatch(/^(=C3=BC){25}(=C3)?=-[A-Za-z0-9_-]{43}$/)
  expect(tokens[0]).not.toBe(tokens[1])
  expect(subjectToken(`a${'b'.repeat(250)}`)).toMatch(/^ab{154}=-[A-Za-z0-9_-]{43}$/)
})
