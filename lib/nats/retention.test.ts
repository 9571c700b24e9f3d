import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Retention } from './retention.ts'

const at = (position: number) => ({ position, index: 0 })
const anyRow = at(Number.POSITIVE_INFINITY)

test('a row goes once it has been confirmed for the interval', () => {
  const retention = new Retention(120_000, 1_000)
  retention.add(at(1), 0)
  expect(retention.release(120_999, anyRow)).toBeUndefined()
  expect(retention.release(121_000, anyRow)).toEqual(at(1))
  expect(retention.release(999_999, anyRow)).toBeUndefined()
})

test('a row beyond the limit stays, however long it has been confirmed', () => {
  const retention = new Retention(0, 1_000)
  for (const second of [0, 1, 2]) retention.add(at(second), second * 1_000)
  expect(retention.release(60_000, at(1))).toEqual(at(1))
  expect(retention.release(60_000, at(1))).toBeUndefined()
  expect(retention.release(60_000, at(2))).toEqual(at(2))
})

test('what the server lost is kept until it is confirmed again', () => {
  const retention = new Retention(10_000, 1_000)
  for (const second of [0, 1, 2, 3]) retention.add(at(second), second * 1_000)
  retention.rewind(at(1))
  expect(retention.release(60_000, anyRow)).toEqual(at(1))
  retention.rewind(undefined)
  retention.add(at(2), 60_000)
  expect(retention.release(71_000, anyRow)).toEqual(at(2))
})

test('no row goes early, and all go in the end, whatever the rate', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 200 }), (pauses) => {
      const retention = new Retention(10_000, 1_000)
      const confirmedAt: number[] = []
      let now = 0
      let gone = -1
      for (const pause of pauses) {
        now += pause
        gone = retention.release(now, anyRow)?.position ?? gone
        if (gone >= 0) expect(now - confirmedAt[gone]!).toBeGreaterThanOrEqual(10_000)
        retention.add(at(confirmedAt.push(now) - 1), now)
        expect(retention.size).toBeLessThanOrEqual(12)
      }
      expect(retention.release(now + 11_000, anyRow)).toEqual(at(pauses.length - 1))
    }),
  )
})
