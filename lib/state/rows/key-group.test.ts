import { expect, test } from 'vitest'
import { groupOfHash, keyGroup, keyGroups } from './key-group.ts'
import { keyHash } from './key-hash.ts'

test('the group of a key is what it has always been', () => {
  const frozen: readonly (readonly [key: string, hash: number, group: number])[] = [
    ['', 0x811c9dc5, 453],
    ['a', 0xe40c292c, 300],
    ['foobar', 0xbf9cf968, 360],
    ['press-7', 0x19e76484, 132],
    ['größe', 0x26030442, 66],
    ['\ud83d\udee0', 0xeb31f718, 792],
    ['\ud83d', 0x37822568, 360],
    ['a\0b', 0x10f3abd2, 978],
    ['x'.repeat(256), 0x46b491c5, 453],
  ]
  expect(frozen.map(([key]) => [key, keyHash(key), keyGroup(key)])).toEqual(frozen)
})

test('keys that are numbered spread evenly', () => {
  for (const prefix of ['sensor-', 'device/', '']) {
    const sizes = new Array<number>(keyGroups).fill(0)
    for (let number = 0; number < 100 * keyGroups; number++) sizes[keyGroup(`${prefix}${number}`)]!++
    expect(Math.min(...sizes)).toBeGreaterThan(50)
    expect(Math.max(...sizes)).toBeLessThan(150)
  }
})

test('a group follows from the hash alone', () => {
  expect([0, 1_023, 1_024, 0xffffffff].map(groupOfHash)).toEqual([0, 1_023, 0, 1_023])
})
