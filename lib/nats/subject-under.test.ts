import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSubject, subjectUnder } from './subject-under.ts'

test('names become tokens below the prefix', () => {
  const subject = subjectUnder('alarm.v1', (names: string[]) => names)
  expect(subject(['pump.7', 'seal'])).toBe('alarm.v1.pump=2E7.seal')
  expect(subject([''])).toBe('alarm.v1.=')
  expect(subject.patterns).toEqual(['alarm.v1.>'])
})

test('whatever the names, the subject can be published to and keeps its number of tokens', () => {
  const subject = subjectUnder('alarm', (names: string[]) => names)
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (names) => {
      expect(isSubject(subject(names))).toBe(true)
      expect(subject(names).split('.')).toHaveLength(names.length + 1)
    }),
  )
})

test.each([
  '',
  '.',
  'a.',
  '.a',
  'a..b',
  'a b',
  'a\tb',
  'a\r\nPUB b',
  'a\0',
  'a.*',
  '*',
  '>',
  'a.>',
  'a*b',
  'ü',
  '\x7f',
])('%j is refused as a literal subject', (subject) => {
  expect(isSubject(subject)).toBe(false)
  expect(() => subjectUnder(subject, () => [])).toThrow('is no NATS subject')
})

test('a subject longer than the server can take on one line is refused', () => {
  expect(isSubject('a'.repeat(1_024))).toBe(true)
  expect(isSubject('a'.repeat(1_025))).toBe(false)
})

test('ordinary subjects are accepted', () => {
  for (const subject of ['a', 'a.b', 'anomaly.press-7.temperature', '$SYS.x', 'a=2E.b_c'])
    expect(isSubject(subject)).toBe(true)
})
