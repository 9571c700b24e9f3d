import { expect, test } from 'vitest'
import { meaningOf } from './refusal.ts'

test.each([
  [10070, 'wrong last msg ID: a-1-0', 'chain'],
  [10071, 'wrong last sequence: 7', 'chain'],
  [10054, 'message size exceeds maximum allowed', 'size'],
  [10060, 'expected stream does not match', 'row'],
  [503, 'no responders', 'row'],
  [10077, 'maximum bytes exceeded', 'stream'],
  [10077, 'maximum messages per subject exceeded', 'row'],
  [10023, 'insufficient resources', 'stream'],
  [10109, 'invalid operation on sealed stream', 'stream'],
  [99999, 'an error of a server yet to come', 'row'],
])('%i %s concerns the %s', (code, description, meaning) => {
  expect(meaningOf({ code, description })).toBe(meaning)
})
