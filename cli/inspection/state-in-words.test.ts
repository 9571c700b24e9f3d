import { expect, test } from 'vitest'
import { stateInWords } from './state-in-words.ts'

test('a state is one line, whatever it holds', () => {
  expect(stateInWords({ mean: 71.4, last: Number.NaN, open: new Map([['a', [1, 2]]]) })).toBe(
    "{ mean: 71.4, last: NaN, open: Map(1) { 'a' => [ 1, 2 ] } }",
  )
})

test('a long array is shortened, with its length', () => {
  expect(stateInWords(new Float64Array(2_048))).toBe(
    'Float64Array(2048) [ 0, 0, 0, 0, 0, 0, 0, 0, ... 2040 more items ]',
  )
})

test('a long state is cut, and no text in it commands the terminal', () => {
  const fields = Object.fromEntries(Array.from({ length: 100 }, (_, place) => [`field${place}`, place]))
  expect(stateInWords(fields)).toMatch(/^\{ field0: 0, .{180,190}…$/)
  expect(stateInWords(new Map([['\u009b2J', 1]]))).not.toContain('\u009b')
})
