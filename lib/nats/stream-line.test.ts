import { expect, test } from 'vitest'
import { readAnswer } from './stream-line.ts'

const answer = (text: string) => readAnswer({ data: Buffer.from(text) })

test('an answer says the sequence, or why the message was refused', () => {
  expect(answer('{"stream":"a","seq":7}')).toEqual({ taken: true, sequence: 7, duplicate: false })
  expect(answer('{"error":{"code":400,"err_code":10071,"description":"wrong last sequence"}}')).toEqual({
    taken: false,
    refusal: { code: 10071, description: 'wrong last sequence' },
  })
})

test.each(['', 'not JSON', 'null', '3', '[]', '"seq"'])('%j is an answer without a sequence', (text) => {
  expect(answer(text)).toEqual({
    taken: false,
    refusal: { code: 500, description: 'an answer without a sequence' },
  })
})
