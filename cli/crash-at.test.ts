import { expect, test } from 'vitest'
import { parseCrashAt } from './crash-at.ts'

test('a crash point and a count are understood', () => {
  expect(parseCrashAt('batch encoded:12')).toEqual({ point: 'batch encoded', pass: 12 })
})

test.each(['flushed', 'flushed:0', 'flushed:x', 'flush:1', ''])(
  '%j is refused with the known points',
  (when) => {
    expect(() => parseCrashAt(when)).toThrow('turn done, batch encoded, put')
  },
)
