import { expect, test } from 'vitest'
import { RecentMap } from './recent-map.ts'

test('the entries used last are kept, those long unused are forgotten', () => {
  const map = new RecentMap<number, number>(100)
  for (let key = 0; key < 10_000; key++) {
    map.set(key, key)
    map.get(0)
  }
  expect(map.get(0)).toBe(0)
  for (let key = 9_901; key < 10_000; key++) expect(map.get(key)).toBe(key)
  expect(map.get(5_000)).toBeUndefined()
})
