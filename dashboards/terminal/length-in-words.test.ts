import { expect, test } from 'vitest'
import { lengthInWords } from './length-in-words.ts'

test('lengths are in the unit a person would use', () => {
  expect([45_000, 720_000, 12_000_000].map(lengthInWords)).toEqual(['45 s', '12 min', '3 h 20 min'])
})
