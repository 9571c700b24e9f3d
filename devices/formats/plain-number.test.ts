import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainNumber } from './plain-number.ts'

const read = (text: string): number | undefined => plainNumber(Buffer.from(text))

test('decimal text is a number, with white space and sign as people type it', () => {
  expect(read('71.4')).toBe(71.4)
  expect(read(' +71.4\r\n')).toBe(71.4)
  expect(read('-3e-2')).toBe(-0.03)
  expect(read('.5')).toBe(0.5)
  expect(read('5.')).toBe(5)
  expect(read('0')).toBe(0)
})

test('text that JavaScript would call a number is none', () => {
  for (const text of [
    '',
    ' ',
    '0x10',
    'Infinity',
    '-Infinity',
    'NaN',
    '1_000',
    '1,5',
    '--1',
    '1e',
    '.',
    '1 2',
    '１',
  ])
    expect(read(text), text).toBeUndefined()
})

test('a number too large for a double is Infinity, for the reader to refuse', () => {
  expect(read('1e400')).toBe(Number.POSITIVE_INFINITY)
})

test('a long text is refused without being read', () => {
  expect(read('1'.repeat(65))).toBeUndefined()
})

test('short decimals are the same double that JavaScript reads, to the last bit', () => {
  const decimals = fc.stringMatching(/^-?[0-9]{0,9}\.?[0-9]{0,9}$/)
  fc.assert(
    fc.property(decimals, (text) => {
      const isNumber = /[0-9]/.test(text)
      expect(read(text)).toBe(isNumber ? Number(text) : undefined)
    }),
    { numRuns: 5_000 },
  )
})
