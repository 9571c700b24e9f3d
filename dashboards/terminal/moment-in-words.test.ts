import { expect, test } from 'vitest'
import { momentInWords } from './moment-in-words.ts'

test('a moment has its date and its time of day, where people are', () => {
  expect(momentInWords(new Date(2010, 4, 9, 9, 12, 4).getTime())).toBe('9 May 2010 09:12:04')
  expect(momentInWords(Number.NEGATIVE_INFINITY)).toBe('none yet')
})
