import { map, Observable, pipe } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { virtualClock } from '../../testing/virtual-clock.ts'
import { milliseconds, seconds } from '../../time/duration.ts'
import type { Behavior } from '../behavior.ts'
import { longestQueue } from './lookup-queue.ts'
import { Clerk, type Order, order, shop } from './lookup-shop.fixture.ts'

describe('a lookup', () => {
  it('joins every event with its answer, in the order of the answers', async () => {
    const clerk = new Clerk()
    const { send, sold, stop } = shop(clerk)
    await send(order('tea'), order('jam'), order('rye', 'bob'))
    await clerk.hears(3)
    clerk.answer('rye', 4)
    clerk.answer('jam', 5)
    clerk.answer('tea', 6)
    await stop()
    expect(sold()).toEqual(['rye for 4', 'jam for 5', 'tea for 6'])
  })

  it('is waited for when the source completes', async () => {
    const clerk = new Clerk()
    const { send, sold, stop } = shop(clerk)
    await send(order('tea'))
    const stopped = stop()
    await clerk.hears(1)
    expect(sold()).toEqual([])
    clerk.answer('tea', 6)
    await stopped
    expect(sold()).toEqual(['tea for 6'])
  })

  it('asks about so many events at a time', async () => {
    const clerk = new Clerk()
    const { send, sold, stop } = shop(clerk, { lookup: { concurrency: 2 } })
    await send(order('tea'), order('jam', 'bob'), order('rye'))
    expect(clerk.asked).toEqual(['tea', 'jam'])
    clerk.answer('jam', 1)
    await clerk.hears(3)
    clerk.answerAll()
    await stop()
    expect(sold()).toHaveLength(3)
  })

  it('asks nothing for a turn that throws', async () => {
    const clerk = new Clerk()
    const store = lmdbStore(temporaryFolder())
    onTestFinished(() => store.close())
    const behavior: Behavior<Order, string> = (orders, actor) => {
      const sell = pipe(
        actor.lookup<Order, number, Order>('price', { ask: clerk.ask, join: (sale) => sale }),
        map(({ item }) => item),
      )
      return new Observable((subscriber) => {
        const sold = orders.pipe(sell).subscribe(subscriber)
        sold.add(
          orders.subscribe(({ item }) => {
            if (item === 'fog') subscriber.error(new Error('not for sale'))
          }),
        )
        return sold
      })
    }
    const { send, outcomes, stop } = runActors({ key: ({ who }: Order) => who, behavior, store })
    await send(order('fog'), order('tea'))
    await clerk.hears(1)
    clerk.answerAll()
    await stop()
    expect(clerk.asked).toEqual(['tea'])
    expect(outcomes.flatMap(({ values }) => values)).toEqual(['tea'])
  })

  it('dead-letters the event of an answer that cannot be joined, and waits for it no longer', async () => {
    const clerk = new Clerk()
    const join = ({ item }: Order, price: number): string => {
      if (price > 99) throw new Error('too dear')
      return item
    }
    const { send, sold, dead, stop, folder, store } = shop(clerk, { lookup: { join } })
    await send(order('tea'), order('gem'))
    await clerk.hears(2)
    clerk.answer('gem', 1_000)
    clerk.answer('tea', 6)
    await stop()
    expect(dead()).toEqual([expect.stringMatching(/^dead gem: .*too dear/)])
    expect(sold()).toEqual(['tea'])
    await store.close()

    const second = shop(clerk, { folder, lookup: { join } })
    await second.stop()
    expect(clerk.asked).toHaveLength(2)
  })

  it('dead-letters as well what a behavior that is left alone would have been given', async () => {
    const clerk = new Clerk()
    const join = (): string => {
      throw new Error('never')
    }
    const { send, dead, stop } = shop(clerk, { lookup: { join } })
    await send(...Array.from({ length: 7 }, (_, index) => order(`item ${index}`)))
    await clerk.hears(7)
    clerk.answerAll()
    await stop()
    expect(dead()).toHaveLength(7)
    expect(dead()[6]).toContain('item 6: the behavior of actor "ann" threw too often')
  })

  it('gives what the journal can keep of an answer', async () => {
    const when = new Date(5)
    const seen: unknown[] = []
    const { send, stop } = shop(new Clerk(), {
      lookup: {
        ask: async () => ({ when, total: () => 1 }) as never,
        join: (_, answer) => String(seen.push(answer)),
      },
    })
    await send(order('tea'))
    await stop()
    expect(seen).toEqual([{ when, total: undefined }])
  })

  it('refuses options that no lookup can work with', async () => {
    const { finished } = shop(new Clerk(), { lookup: { concurrency: 0 } })
    await expect(finished).rejects.toThrow('concurrency of lookup "price" is 0')
  })

  it('keeps only so many questions in memory and finds the others in the actors', async () => {
    const clerk = new Clerk()
    const more = longestQueue + 500
    const { send, sold, stop } = shop(clerk, { lookup: { concurrency: 50 } })
    for (let count = 0; count < more; count += 100) {
      await send(...Array.from({ length: 100 }, (_, index) => order(`${count + index}`, `who ${index % 7}`)))
    }
    const stopped = stop()
    for (let asked = 50; asked <= more; asked += 50) {
      await clerk.hears(asked)
      clerk.answerAll()
    }
    await stopped
    expect(new Set(sold()).size).toBe(more)
    expect(sold()).toHaveLength(more)
    expect(clerk.asked).toHaveLength(more)
  })
})

describe('a lookup that fails', () => {
  /** Lets wall time go by until `done`. */
  const passing = async (clock: ReturnType<typeof virtualClock>, done: Promise<unknown>): Promise<void> => {
    let isDone = false
    void done.then(() => {
      isDone = true
    })
    while (!isDone) {
      clock.advance(milliseconds(10))
      await new Promise(setImmediate)
    }
  }

  it('is asked again with growing pauses, and in the end its event is dead', async () => {
    const clock = virtualClock()
    const at: number[] = []
    const ask = async (): Promise<number> => {
      at.push(clock.now())
      throw new Error('shop closed')
    }
    const { send, dead, stop } = shop(new Clerk(), { clock, lookup: { ask } })
    await passing(clock, send(order('tea')))
    await passing(clock, stop())
    const pauses = at.slice(1).map((time, index) => time - at[index]!)
    expect(pauses).toEqual([100, 200, 400, 800])
    expect(dead()).toEqual(['dead tea: lookup "price" had no answer in 5 tries: Error: shop closed'])
  })

  it('is joined when a later try succeeds', async () => {
    const clock = virtualClock()
    let tries = 0
    const ask = async (): Promise<number> => {
      if (++tries < 3) throw new Error('shop closed')
      return 6
    }
    const { send, sold, stop } = shop(new Clerk(), { clock, lookup: { ask } })
    await passing(clock, send(order('tea')))
    await passing(clock, stop())
    expect(sold()).toEqual(['tea for 6'])
  })

  it('is aborted when a try takes too long', async () => {
    const clerk = new Clerk()
    const clock = virtualClock()
    const { send, dead, stop } = shop(clerk, { clock, lookup: { timeout: seconds(2), tries: 2 } })
    await passing(clock, send(order('tea')))
    await passing(clock, stop())
    expect(clerk.aborted).toEqual(['tea', 'tea'])
    expect(dead()).toEqual([expect.stringContaining('in 2 tries: Error: it took longer than 2000 ms')])
  })
})
