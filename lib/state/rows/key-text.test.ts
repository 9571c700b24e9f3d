import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxBytesPerUnit, readText, writeText } from './key-text.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('\0', '\x01', 'a', '\x7f', '\x80', '\u07ff', '\u0800', '\ud800', '\udc00', '\uffff'),
    )
    .map((units) => units.join('')),
)

const write = (text: string): Buffer => {
  const target = Buffer.alloc(maxBytesPerUnit * text.length)
  return target.subarray(0, writeText(text, target, 0))
}

test('any text comes back as it was, and no two share their bytes', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const bytes = write(text)
      expect(readText(bytes, 0, bytes.length)).toBe(text)
      expect(bytes.includes(0)).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

test('well-formed text without U+0000 is plain UTF-8', () => {
  for (const text of ['press-7', 'Größe', '温度', '🌊 tide']) expect(write(text)).toEqual(Buffer.from(text))
})
