import { expect, test } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

const taken = (bucket: TokenBucket, now: number): number => {
  let count = 0
  while (bucket.take(now)) count++
  return count
}

test('a burst at once, and then so many a second', () => {
  const bucket = new TokenBucket(100, 500)
  expect(taken(bucket, 0)).toBe(500)
  expect(taken(bucket, 1_000)).toBe(100)
  expect(taken(bucket, 1_055)).toBe(5)
  expect(taken(bucket, 1e9)).toBe(500)
})

test('says how long it takes until there is one, and takes none by that', () => {
  const bucket = new TokenBucket(100, 2)
  expect(bucket.readyIn(0)).toBe(0)
  expect(taken(bucket, 0)).toBe(2)
  expect(bucket.readyIn(0)).toBe(10)
  expect(bucket.readyIn(4)).toBeCloseTo(6)
  expect(bucket.take(9)).toBe(false)
  expect(bucket.readyIn(10)).toBe(0)
  expect(taken(bucket, 10)).toBe(1)
})
