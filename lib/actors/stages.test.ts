import { map, Subject, type Subscription } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import type { Store } from '../state/store.ts'
import type { Processor } from '../time/processor.ts'
import { actors } from './actors.ts'
import { Delivery } from './delivery.ts'

interface Sale {
  readonly time: number
  readonly till: string
  readonly amount: number
}

interface Total {
  readonly time: number
  readonly from: string
  readonly amount: number
}

const sums = (name: (sale: Sale) => string): Processor<Sale, Total, { amount: number }> => ({
  create: () => ({ amount: 0 }),
  onEvent(state, sale, out) {
    state.amount += sale.amount
    out.emit({ time: sale.time, from: name(sale), amount: state.amount })
  },
})

const counts: Processor<
  Total,
  { time: number; from: string; totals: number; latest: number },
  { totals: number }
> = {
  create: () => ({ totals: 0 }),
  onEvent(state, { time, from, amount }, out) {
    state.totals++
    out.emit({ time, from, totals: state.totals, latest: amount })
  },
}

/** Sums a till, then counts what all tills of a shop have reported, keyed by the till's first letter. */
function shop(store: Store) {
  const source = new Subject<Delivery<Sale>>()
  const seen: string[] = []
  const asides: string[] = []
  let subscription: Subscription | undefined
  const finished = new Promise<void>((resolve, reject) => {
    subscription = source
      .pipe(
        actors({
          name: 'tills',
          key: ({ till }) => till,
          behavior: (sales, actor) =>
            sales.pipe(
              actor.durable(
                'sum',
                sums(({ till }) => till),
              ),
            ),
          store,
        }),
        map((outcome) => outcome.filter(({ amount }) => amount !== 13)),
        actors({
          name: 'shops',
          key: ({ from }: Total) => from[0] ?? '',
          behavior: (totals, actor) => totals.pipe(actor.durable('count', counts)),
          store,
        }),
      )
      .subscribe({
        next: ({ key, values, asides: left }) => {
          for (const { totals, latest } of values) seen.push(`${key} ${totals} ${latest}`)
          for (const { tag } of left) asides.push(tag)
        },
        complete: resolve,
        error: reject,
      })
  })
  // A test may leave it running when its store is closed.
  finished.catch(() => {})
  const sell = (till: string, amount: number): Promise<void> =>
    new Promise((resolve) => source.next(new Delivery([{ time: 0, till, amount }], { ack: resolve })))
  const stop = (): Promise<void> => {
    source.complete()
    return finished
  }
  const unsubscribe = (): void => subscription?.unsubscribe()
  return { sell, stop, seen, asides, source, finished, unsubscribe }
}

const openStore = (folder = temporaryFolder()): Store => {
  const store = lmdbStore(folder)
  onTestFinished(() => store.close())
  return store
}

describe('actors after actors', () => {
  it('takes the outcomes of the stage before as arrivals of its own', async () => {
    const { sell, stop, seen } = shop(openStore())
    await sell('a1', 5)
    await sell('a2', 7)
    await sell('b1', 1)
    await stop()
    expect(seen).toEqual(['a 1 5', 'a 2 7', 'b 1 1'])
  })

  it('lets only what passes the operators in between take a turn', async () => {
    const { sell, stop, seen } = shop(openStore())
    await sell('a1', 13)
    await sell('a1', 1)
    await stop()
    expect(seen).toEqual(['a 1 14'])
  })

  it('journals every entry of both stages in one commit, so that a crash in between does not exist', async () => {
    const folder = temporaryFolder()
    const store = lmdbStore(folder)
    const first = shop(store)
    await first.sell('a1', 5)
    await first.sell('a2', 7)
    first.unsubscribe()
    await store.close()

    const second = shop(openStore(folder))
    await second.sell('a1', 1)
    await second.stop()
    expect(second.seen).toEqual(['a 3 6'])
  })

  it('hands what left the main path of the first stage on past the second', async () => {
    const { source, stop, asides } = shop(openStore())
    source.next(new Delivery<Sale>([], undefined, { asides: [{ tag: 'dead', value: null, reason: 'torn' }] }))
    await stop()
    expect(asides).toEqual(['dead'])
  })

  it('refuses two stages of one name on one store', async () => {
    const store = openStore()
    const first = shop(store)
    await expect(shop(store).finished).rejects.toThrow('Two stages of one store are named "shops"')
    await first.stop()
  })
})
