import { expect, it } from 'vitest'
import { keyHash } from '../../state/rows/key-hash.ts'
import { LatelyLeft } from './lately-left.ts'

const hashOf = (index: number): number => keyHash(`sensor-${index}`)

it('knows nearly all of the last ones, and few of those long before', () => {
  const lately = new LatelyLeft(4_096)
  for (let index = 0; index < 40_000; index++) lately.add(hashOf(index))
  const known = (from: number, to: number): number => {
    let count = 0
    for (let index = from; index < to; index++) if (lately.has(hashOf(index))) count++
    return count
  }
  expect(known(39_600, 40_000)).toBeGreaterThan(360)
  expect(known(0, 10_000)).toBeLessThan(100)
  expect(known(40_000, 80_000)).toBeLessThan(10)
})

it('has room for one where there is room for one actor', () => {
  const lately = new LatelyLeft(0.5)
  lately.add(hashOf(1))
  expect([lately.has(hashOf(1)), lately.has(hashOf(2))]).toEqual([true, false])
})
