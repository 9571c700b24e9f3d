import { expect, test } from 'vitest'
import type { WallClock } from '../../time/wall-clock.ts'
import { DiskReserve } from './disk-reserve.ts'

const mebibyte = 2 ** 20

/** A disk of 10 GiB whose free room the test sets, and a clock that it moves. */
const setUp = (reusable = 0) => {
  const waiting = new Set<() => void>()
  let now = 0
  let looks = 0
  const disk = { free: 1_000 * mebibyte, total: 10_240 * mebibyte }
  const clock: WallClock = {
    now: () => now,
    monotonic: () => now,
    after(_, work) {
      waiting.add(work)
      return () => waiting.delete(work)
    },
  }
  const room = async () => {
    looks++
    return { ...disk }
  }
  const reserve = new DiskReserve({ path: '/data', clock, room })
  const admit = (bytes: number) => reserve.admit(bytes, () => reusable)
  const tick = async (): Promise<void> => {
    now += 1_000
    for (const work of [...waiting]) {
      waiting.delete(work)
      work()
    }
    for (let i = 0; i < 5; i++) await Promise.resolve()
  }
  return { reserve, admit, disk, tick, looks: () => looks }
}

test('asks the disk once a second at most, while there is ample room', async () => {
  const { admit, tick, looks } = setUp()
  await admit(1_000)
  for (let i = 0; i < 100; i++) expect(admit(1_000)).toBeUndefined()
  expect(looks()).toBe(1)
  await tick()
  await admit(1_000)
  expect(looks()).toBe(2)
})

test('asks at once when commits have used up the room it knew of', async () => {
  const { admit, looks } = setUp()
  await admit(1_000)
  expect(admit(100 * mebibyte)).toBeUndefined()
  await admit(100 * mebibyte)
  expect(looks()).toBe(2)
})

test('below 5 % a commit waits, the condition says so in words, and it goes on by itself', async () => {
  const { reserve, admit, disk, tick } = setUp()
  const said: string[] = []
  reserve.condition.subscribe(({ state, words }) => said.push(`${state}: ${words}`))
  disk.free = 500 * mebibyte
  let admitted = false
  const wait = Promise.resolve(admit(1_000)).then(() => {
    admitted = true
  })
  await tick()
  await tick()
  expect(admitted).toBe(false)
  expect(reserve.condition.value.state).toBe('disk low')
  expect(said[1]).toMatch(
    /^disk low: the disk that holds \/data has 500 MiB free and tidemark leaves 512 MiB alone/,
  )
  disk.free = 600 * mebibyte
  await tick()
  await wait
  expect(reserve.condition.value.state).toBe('ok')
})

test('a commit that fits into pages free inside the file need not wait for the disk', async () => {
  const { reserve, admit, disk } = setUp(64 * mebibyte)
  disk.free = 0
  await admit(mebibyte)
  expect(reserve.condition.value.state).toBe('ok')
})

test('closing lets go of a commit that waits', async () => {
  const { reserve, admit, disk, tick } = setUp()
  disk.free = 0
  const wait = admit(1_000)
  await tick()
  reserve.close()
  await wait
})
