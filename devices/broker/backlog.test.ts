import { expect, test } from 'vitest'
import { randomFrom } from '../../lib/statistics/random.ts'
import { Backlog } from './backlog.ts'

test('bytes come out as they went in, and what was taken out does not change later', () => {
  const random = randomFrom(1)
  const backlog = new Backlog()
  const taken: { at: number; bytes: Buffer }[] = []
  let received = 0
  let removed = 0
  for (let step = 0; step < 5_000; step++) {
    const chunk = Buffer.from(Array.from({ length: random.below(50) }, () => received++ % 251))
    backlog.append(chunk)
    const count = random.below(backlog.length + 1)
    taken.push({ at: removed, bytes: backlog.bytes.subarray(0, count) })
    backlog.remove(count)
    removed += count
    expect(backlog.length).toBe(received - removed)
  }
  for (const { at, bytes } of taken)
    expect([...bytes]).toEqual([...bytes].map((_, index) => (at + index) % 251))
})
