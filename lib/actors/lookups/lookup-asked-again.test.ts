import { describe, expect, it, onTestFinished } from 'vitest'
import { counter } from '../../../test/support/counter.ts'
import { runActors } from '../../../test/support/running-actors.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import type { Behavior } from '../behavior.ts'
import { Clerk, type Order, order, shop } from './lookup-shop.fixture.ts'

describe('a lookup over a restart', () => {
  it('is aborted by unsubscribing, and asked again though nothing arrives', async () => {
    const clerk = new Clerk()
    const first = shop(clerk)
    await first.send(order('tea'), order('jam', 'bob'))
    await clerk.hears(2)
    clerk.answer('jam', 5)
    await new Promise(setImmediate)
    expect(first.sold()).toEqual(['jam for 5'])
    await first.send()
    await first.crash()
    expect(clerk.aborted).toEqual(['tea'])

    const second = shop(clerk, { folder: first.folder })
    await clerk.hears(3)
    clerk.answerAll()
    await second.stop()
    expect(clerk.asked).toEqual(['tea', 'jam', 'tea'])
    expect(second.sold()).toEqual(['tea for 1'])
  })

  it('asks again for actors that sleep on disk', async () => {
    const clerk = new Clerk()
    const pace = { checkpointAfter: 0 }
    const first = shop(clerk, { resident: 1, pace, lookup: { concurrency: 1 } })
    for (let number = 0; number < 300; number++) await first.send(order(`${number}`, `who ${number}`))
    await first.crash()
    expect(clerk.asked).toEqual(['0'])

    const ask = async (): Promise<number> => 7
    const second = shop(clerk, { folder: first.folder, resident: 1, pace, lookup: { ask } })
    await second.stop()
    expect(second.sold()).toHaveLength(300)
  })

  it('wakes an actor that was put to sleep meanwhile', async () => {
    const clerk = new Clerk()
    const { send, sold, stop } = shop(clerk, { resident: 1, pace: { checkpointAfter: 0 } })
    await send(order('tea'))
    for (const who of ['bob', 'cas', 'dan', 'eva']) await send(order(who, who))
    clerk.answer('tea', 6)
    await new Promise(setImmediate)
    expect(sold()).toEqual(['tea for 6'])
    clerk.answerAll()
    await stop()
    expect(sold()).toHaveLength(5)
    expect(clerk.asked).toHaveLength(5)
  })

  it('refuses a journal that was written without it', async () => {
    const first = shop(new Clerk())
    await first.send(order('tea'))
    await first.crash()
    const store = lmdbStore(first.folder)
    onTestFinished(() => store.close())
    const behavior: Behavior<Order, number> = (orders, actor) =>
      orders.pipe(actor.durable('price', counter()))
    const { finished } = runActors({ key: ({ who }: Order) => who, behavior, store })
    await expect(finished).rejects.toThrow('steps lookup price v1')
  })
})
