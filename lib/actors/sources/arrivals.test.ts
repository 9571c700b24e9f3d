import { expect, test } from 'vitest'
import type { Timed } from '../../time/timed.ts'
import { Delivery } from '../delivery.ts'
import { Arrivals } from './arrivals.ts'

/** Arrivals whose deliveries take 4 ms each, and a clock whose timers the test runs. */
const setUp = () => {
  const state = { now: 0, isReplaying: true }
  const timers: (() => void)[] = []
  const taken: number[] = []
  const rejected: string[] = []
  const after = (_: number, work: () => void): (() => void) => {
    timers.push(work)
    return () => {}
  }
  const arrivals = new Arrivals({
    clock: { now: () => 0, monotonic: () => state.now, after },
    isReplaying: () => state.isReplaying,
    take: ({ values }) => {
      taken.push(values[0]!.time)
      state.now += 4
    },
  })
  const add = (time: number): void => {
    const duty = { ack: () => {}, reject: (reason: Error) => void rejected.push(reason.message) }
    arrivals.add(new Delivery<Timed>([{ time }], duty))
  }
  const turn = (): void => {
    for (const work of timers.splice(0)) work()
  }
  return { state, taken, rejected, arrivals, add, turn }
}

test('deliveries are taken as they come when nothing is replayed', () => {
  const { state, taken, add } = setUp()
  state.isReplaying = false
  for (let time = 0; time < 9; time++) add(time)
  expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
})

test('during a replay they are taken for ten milliseconds a turn, in order', async () => {
  const { taken, arrivals, add, turn } = setUp()
  for (let time = 0; time < 7; time++) add(time)
  expect(taken).toEqual([0, 1, 2])
  turn()
  add(7)
  expect(taken).toEqual([0, 1, 2, 3, 4, 5])
  const emptied = arrivals.emptied()
  turn()
  await emptied
  expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})

test('what waits is taken before anything new when the replay ends', () => {
  const { state, taken, add, turn } = setUp()
  for (let time = 0; time < 5; time++) add(time)
  state.isReplaying = false
  add(5)
  expect(taken).toEqual([0, 1, 2])
  turn()
  add(6)
  expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test('what was not taken by the end is rejected', async () => {
  const { taken, rejected, arrivals, add, turn } = setUp()
  for (let time = 0; time < 5; time++) add(time)
  arrivals.close()
  await arrivals.emptied()
  turn()
  expect(taken).toEqual([0, 1, 2])
  expect(rejected).toHaveLength(2)
})
