import { concatMap, map, Subject } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import { decode, encode } from '../state/rows/codec.ts'
import type { Store } from '../state/store.ts'
import { actors } from './actors.ts'
import type { Behavior } from './behavior.ts'
import { Delivery } from './delivery.ts'
import type { Outcome } from './outcome.ts'

interface Order {
  readonly time: number
  readonly items: readonly string[]
}

const perItem: Behavior<Order, string> = (orders) => orders.pipe(concatMap(({ items }) => items))

const openStore = (folder = temporaryFolder()): Store => {
  const store = lmdbStore(folder)
  onTestFinished(() => store.close())
  return store
}

/** Runs a stage whose outcomes `onOutcome` records, as a sink does. */
const run = (store: Store, onOutcome: (outcome: Outcome<string>) => void) => {
  const source = new Subject<Delivery<Order>>()
  const finished = new Promise<void>((resolve, reject) => {
    source
      .pipe(actors({ key: () => 'till', behavior: perItem, store }), map(onOutcome))
      .subscribe({ complete: resolve, error: reject })
  })
  finished.catch(() => {})
  const order = (...items: string[]): Promise<void> =>
    new Promise((ack, reject) => source.next(new Delivery([{ time: 0, items }], { ack, reject })))
  const stop = (): Promise<void> => {
    source.complete()
    return finished
  }
  return { order, stop, finished }
}

const recordAll = (sink: string, outcome: Outcome<string>): void =>
  outcome.values.forEach((value, place) => {
    outcome.record(sink, place, encode(value))
  })

const idsIn = (store: Store, sink: string): string[] =>
  store
    .outbox(sink)
    .read(undefined, 100)
    .map(({ position, index, bytes }) => `${position}-${index} ${decode(bytes)}`)

test('an output has one id in every sink, whatever filters are in front of them', async () => {
  const store = openStore()
  const { order, stop } = run(store, (outcome) => {
    recordAll('all', outcome)
    recordAll(
      'no tea',
      outcome.filter((item) => item !== 'tea'),
    )
    recordAll(
      'no tea, no milk',
      outcome.filter((item) => item !== 'tea').filter((item) => item !== 'milk'),
    )
    recordAll(
      'capitals',
      outcome.filter((item) => item !== 'tea').map((item) => item.toUpperCase()),
    )
  })
  await order('tea', 'milk', 'bread')
  await stop()
  expect(idsIn(store, 'all')).toEqual(['1-0 tea', '1-1 milk', '1-2 bread'])
  expect(idsIn(store, 'no tea')).toEqual(['1-1 milk', '1-2 bread'])
  expect(idsIn(store, 'no tea, no milk')).toEqual(['1-2 bread'])
  expect(idsIn(store, 'capitals')).toEqual(['1-1 MILK', '1-2 BREAD'])
})

test('an output that one sink records twice gives up the commit: one would replace the other', async () => {
  const store = openStore()
  const { order, finished } = run(store, (outcome) => {
    recordAll('book', outcome)
    recordAll('book', outcome)
  })
  await expect(order('tea')).rejects.toThrow('for sink "book" a second time')
  await expect(finished).rejects.toThrow('for sink "book" a second time')
  expect(idsIn(store, 'book')).toEqual([])
})

test('an operator behind actors that throws loses no output: its event is not acknowledged', async () => {
  const folder = temporaryFolder()
  const store = openStore(folder)
  const { order, finished } = run(store, (outcome) => {
    if (outcome.values.includes('salt')) throw new Error('no salt')
    recordAll('book', outcome)
  })
  await order('tea')
  await expect(order('milk', 'salt')).rejects.toThrow('Nothing of that commit is acknowledged')
  await expect(finished).rejects.toThrow('no salt')
  await store.close()

  const reopened = openStore(folder)
  const mended = run(reopened, (outcome) => recordAll('book', outcome))
  await mended.order('milk', 'salt')
  await mended.stop()
  expect(idsIn(reopened, 'book')).toEqual(['1-0 tea', '2-0 milk', '2-1 salt'])
})
