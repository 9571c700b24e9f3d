import { expect, test } from 'vitest'
import { counter } from '../../test/support/counter.ts'
import { runActors } from '../../test/support/running-actors.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import { seconds } from '../time/duration.ts'
import { systemClock, type WallClock } from '../time/wall-clock.ts'
import type { Behavior } from './behavior.ts'
import type { ReplayProgress } from './commit/replay.ts'

const key = ({ time }: Tick): string => `clock ${time % 10}`

interface Tick {
  readonly time: number
}

const behavior: Behavior<Tick, number> = (ticks, actor) => ticks.pipe(actor.durable('count', counter()))

/** A second goes by whenever something is put off. */
const slowClock = (): WallClock => {
  let now = 0
  return {
    now: systemClock.now,
    monotonic: () => now,
    after(delay, work) {
      now += seconds(1)
      return systemClock.after(delay, work)
    },
  }
}

async function replayed(folder: string): Promise<ReplayProgress[]> {
  const seen: ReplayProgress[] = []
  const store = lmdbStore(folder)
  const onReplay = (progress: ReplayProgress): void => void seen.push(progress)
  const { stop } = runActors({ key, behavior, store, clock: slowClock(), onReplay })
  await stop()
  await store.close()
  return seen
}

test('a replay shows how far it has got, and when it is through', async () => {
  const folder = temporaryFolder()
  const store = lmdbStore(folder)
  const { send, unsubscribe } = runActors({ key, behavior, store })
  await send(...Array.from({ length: 20_000 }, (_, time) => ({ time })))
  unsubscribe()
  await store.close()

  const seen = await replayed(folder)
  expect(seen.length).toBeGreaterThan(2)
  expect(seen.every(({ entries }) => entries === 20_000)).toBe(true)
  const steps = seen.map(({ replayed: done }) => done)
  expect(steps).toEqual([...steps].sort((one, other) => one - other))
  expect(steps.at(-2)).toBeLessThan(20_000)
  expect(steps.at(-1)).toBe(20_000)
})

test('where nothing is to be replayed it is through at once', async () => {
  expect(await replayed(temporaryFolder())).toEqual([{ entries: 0, replayed: 0 }])
})
