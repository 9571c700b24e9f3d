import { expect, test } from 'vitest'
import { checkKey, longestKey } from './check-key.ts'

const refusal = (key: unknown): string => {
  try {
    checkKey('actor', key)
    return 'taken'
  } catch (error) {
    return (error as Error).message
  }
}

test('a key is any text that is not empty and not too long', () => {
  for (const key of ['a', 'press 7', 'Ω', '😀', '\u0000', 'x'.repeat(longestKey)]) {
    expect(refusal(key)).toBe('taken')
  }
})

test('everything else is refused with what it is and what to do', () => {
  expect(refusal('')).toBe('The key of the actor is empty: it must have at least 1 character')
  expect(refusal(7)).toBe('The key of the actor is 7, of type number: it must be a string')
  expect(refusal('x'.repeat(longestKey + 1))).toMatch(
    /^The key of the actor has 257 characters \("x{40}…"\): 256 are allowed/,
  )
})

test('half a surrogate pair is refused: saved as UTF-8 it would come back as another key', () => {
  const words = 'it has half a surrogate pair, which no UTF-8 can carry'
  expect(refusal('a\ud83d')).toBe(`The key of the actor is "a\\ud83d": ${words}`)
  expect(refusal('\ude00')).toBe(`The key of the actor is "\\ude00": ${words}`)
})
