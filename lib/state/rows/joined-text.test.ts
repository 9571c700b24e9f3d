import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decode, encode } from './codec.ts'
import { type JoinedText, joinText, splitText } from './joined-text.ts'

it('gives back every text, whatever is in it', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }))
  fc.assert(
    fc.property(texts, (given) => {
      expect(splitText(decode<JoinedText>(encode(joinText(given))))).toEqual(given)
    }),
  )
})
