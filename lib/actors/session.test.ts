import { EMPTY, lastValueFrom, NEVER, Observable } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { counter } from '../../test/support/counter.ts'
import { runActors } from '../../test/support/running-actors.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import type { Store } from '../state/store.ts'
import { actors } from './actors.ts'
import type { ActorsOptions } from './actors-options.ts'
import type { Behavior } from './behavior.ts'
import type { Pace } from './commit/pace.ts'
import { Delivery } from './delivery.ts'

interface Tick {
  readonly time: number
}

const behavior: Behavior<Tick, number> = (ticks, actor) => ticks.pipe(actor.durable('count', counter()))
/** Only a clean stop saves a state. */
const rarely = { checkpointAfter: 1e9 }

const counting = (store: Store, more: Partial<ActorsOptions<Tick, number>> = {}) => {
  const running = runActors({ key: () => 'clock', behavior, store, ...more })
  return { ...running, counts: () => running.outcomes.flatMap(({ values }) => values) }
}

const openStore = (folder = temporaryFolder()): Store => {
  const store = lmdbStore(folder)
  onTestFinished(() => store.close())
  return store
}

async function leftByACrash(ticks: number): Promise<Store> {
  const folder = temporaryFolder()
  const store = lmdbStore(folder)
  const { send } = counting(store, { pace: rarely })
  for (let time = 0; time < ticks; time++) await send({ time })
  await store.close()
  return openStore(folder)
}

describe('a store that is subscribed to again', () => {
  it.each([
    ['at once', 0],
    ['some rows into it', 2],
  ])('replays all of its journal when that was cut short %s', async (_when, rounds) => {
    const store = await leftByACrash(20)
    const cut = counting(store)
    for (let round = 0; round < rounds; round++) await new Promise((resume) => setTimeout(resume))
    cut.unsubscribe()
    // Time in which what is left of the first would go on.
    await new Promise((resume) => setTimeout(resume, 10))

    const again = counting(store)
    await again.send({ time: 20 })
    await again.stop()
    expect(again.counts()).toEqual([21])
    expect([...store.readJournal()]).toEqual([])
  })

  it('goes on from what was acknowledged, though none of it was saved', async () => {
    const store = openStore()
    const first = counting(store, { pace: rarely })
    await first.send({ time: 0 }, { time: 1 })
    first.unsubscribe()

    const again = counting(store)
    await again.send({ time: 2 })
    await again.stop()
    expect(again.counts()).toEqual([3])
  })

  it('waits until what was taken is flushed and acknowledged', async () => {
    const store = openStore()
    const first = counting(store, { pace: { commitSpacing: 50 } })
    await first.send({ time: 0 })
    const last = first.send({ time: 1 })
    first.unsubscribe()

    const source = new Observable<Delivery<Tick>>((subscriber) => {
      subscriber.next(new Delivery([{ time: 2 }]))
      subscriber.complete()
    })
    const again = source.pipe(actors({ key: () => 'clock', behavior, store }))
    expect((await lastValueFrom(again)).values).toEqual([3])
    await last
  })

  it('takes another pace then', async () => {
    const store = openStore()
    await counting(store).stop()
    await counting(store, { pace: { smallBatch: 1 } }).stop()
  })
})

describe('stages of one store', () => {
  const stage = (store: Store, name: string, pace: Partial<Pace>) =>
    actors({ name, key: () => 'clock', behavior, store, pace })

  it('are written at one pace, and say so when they are given two', async () => {
    const store = openStore()
    const first = NEVER.pipe(stage(store, 'one', { smallBatch: 100 })).subscribe()
    onTestFinished(() => first.unsubscribe())
    const second = EMPTY.pipe(stage(store, 'two', { smallBatch: 200, commitSpacing: 3 }))
    await expect(lastValueFrom(second)).rejects.toThrow(
      'pace.smallBatch of stage "two" is 200, and its store is written with 100 already: ' +
        'give all stages of a store the same pace',
    )
    const third = EMPTY.pipe(stage(store, 'three', { smallBatch: 100 }))
    expect(await lastValueFrom(third, { defaultValue: 'taken' })).toBe('taken')
  })

  it('refuse one that comes back before it is saved, while others go on', async () => {
    const store = openStore()
    const other = counting(store, { name: 'other', pace: rarely })
    const gone = counting(store, { name: 'gone' })
    await gone.send({ time: 0 })
    gone.unsubscribe()
    await expect(counting(store, { name: 'gone' }).finished).rejects.toThrow(
      'Stage "gone" has left its store before everything was saved, and others there go on',
    )
    await other.stop()
    const again = counting(store, { name: 'gone' })
    await again.send({ time: 1 })
    await again.stop()
    expect(again.counts()).toEqual([2])
  })
})
