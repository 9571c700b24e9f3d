import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EMPTY, lastValueFrom, map, NEVER, type Observable, of, toArray } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { encode } from '../../state/rows/codec.ts'
import type { Store } from '../../state/store.ts'
import { outputTag } from '../../time/output-tag.ts'
import type { Processor } from '../../time/processor.ts'
import type { Timed } from '../../time/timed.ts'
import { actors } from '../actors.ts'
import { deliver } from '../deliver.ts'
import type { Sent, Sink, SinkRefusal } from './sink.ts'
import { toSink } from './to-sink.ts'

interface Order extends Timed {
  readonly amount: number
}

let folder: string
let store: Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-sink-'))
  store = lmdbStore(folder)
})

afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const order = (amount: number, time: number): Order => ({ amount, time })
const orders = (...amounts: number[]): Observable<Order> => of(...amounts.map(order))

const send = (source: Observable<Order>, sink: Sink<Order>): Promise<Sent<Order>[]> =>
  lastValueFrom(
    source.pipe(
      deliver(),
      actors({ key: ({ amount }) => (amount < 0 ? '' : 'till'), behavior: (inbox) => inbox, store }),
      toSink(sink, { store }),
      toArray(),
    ),
  )

describe('toSink', () => {
  it('gives every output to the sink, in order, each with an id of its own', async () => {
    const taken: Sent<Order>[] = []
    const sink: Sink<Order> = { name: 'book', deliver: async (outputs) => void taken.push(...outputs) }
    const emitted = await send(orders(3, 1, 2), sink)
    expect(taken.map(({ value }) => (value as Order).amount)).toEqual([3, 1, 2])
    expect(new Set(taken.map(({ id }) => id)).size).toBe(3)
    expect(emitted).toEqual(taken)
  })

  it('gives a dead letter for what cannot be encoded: it is acknowledged, and nothing is lost', async () => {
    const taken: Sent<Order>[] = []
    const sink: Sink<Order> = { name: 'book', deliver: async (outputs) => void taken.push(...outputs) }
    const sealed = (value: Order): Order =>
      Object.defineProperty({ ...value }, 'amount', {
        enumerable: true,
        get: () => {
          throw new Error('sealed')
        },
      })
    await lastValueFrom(
      orders(1, 2).pipe(
        deliver(),
        actors<Order, Order>({
          key: () => 'till',
          behavior: (inbox) => inbox.pipe(map((order) => (order.amount === 1 ? sealed(order) : order))),
          store,
        }),
        toSink(sink, { store }),
        toArray(),
      ),
    )
    expect(taken.map(({ tag, reason }) => [tag, reason])).toEqual([
      ['dead', 'the value of this result could not be encoded: Error: sealed'],
      [undefined, ''],
    ])
  })

  it('gives dead letters too, with their reason', async () => {
    const taken: Sent<Order>[] = []
    const sink: Sink<Order> = { name: 'book', deliver: async (outputs) => void taken.push(...outputs) }
    await send(orders(-1), sink)
    expect(taken.map(({ tag, reason }) => [tag, reason])).toEqual([
      ['dead', expect.stringContaining('is empty')],
    ])
  })

  it('gives what went to an output tag, numbered behind the results of its turn', async () => {
    const large = outputTag<Order>('large')
    const sorting: Processor<Order, Order> = {
      create: () => null,
      onEvent(_state, order, out) {
        if (order.amount > 5) out.to(large, order, 'more than 5')
        out.emit(order)
        if (order.amount > 5) out.to(large, order)
      },
    }
    const taken: Sent<Order>[] = []
    const sink: Sink<Order> = { name: 'book', deliver: async (outputs) => void taken.push(...outputs) }
    await lastValueFrom(
      orders(1, 9).pipe(
        deliver(),
        actors<Order, Order>({
          key: () => 'till',
          behavior: (inbox, actor) => inbox.pipe(actor.durable('sorting', sorting)),
          store,
        }),
        toSink(sink, { store }),
        toArray(),
      ),
    )
    const idAt = (position: number, index: number): string => `${store.epoch}-${position}-${index}`
    const side = { key: 'till', arrival: expect.any(Number), kind: 'side', tag: 'large', value: order(9, 1) }
    expect(taken.map(({ id }) => id)).toEqual([idAt(1, 0), idAt(2, 0), idAt(2, 1), idAt(2, 2)])
    expect(taken.slice(2)).toEqual([
      { ...side, id: idAt(2, 1), reason: 'more than 5' },
      { ...side, id: idAt(2, 2), reason: '' },
    ])
  })

  it('gives a side output that an earlier version left in the outbox', async () => {
    const bytes = encode(['till', 7, 'late', { amount: 1, time: 0 }, 'too late'])
    await store.commit({ journal: [], outbox: [{ sink: 'book', position: 1, index: 0, bytes }] })
    const taken: Sent<Order>[] = []
    await send(EMPTY, { name: 'book', deliver: async (outputs) => void taken.push(...outputs) })
    expect(taken).toEqual([
      {
        ...{ id: `${store.epoch}-1-0`, key: 'till', arrival: 7 },
        ...{ kind: 'side', tag: 'late', value: { amount: 1, time: 0 }, reason: 'too late' },
      },
    ])
  })

  it('gives the same outputs with the same ids until the sink takes them', async () => {
    const attempts: string[][] = []
    const sink: Sink<Order> = {
      name: 'book',
      async deliver(outputs) {
        attempts.push(outputs.map(({ id }) => id))
        if (attempts.length < 3) throw new Error('closed')
      },
    }
    const emitted = await send(orders(1), sink)
    expect(attempts).toHaveLength(3)
    expect(new Set(attempts.map(String)).size).toBe(1)
    expect(emitted).toHaveLength(1)
  })

  it('sends what an earlier process left in the outbox', async () => {
    const never: Sink<Order> = { name: 'book', deliver: () => new Promise(() => {}) }
    const appended = new Promise<void>((resolve) => store.outbox('book').onAppend(resolve))
    const earlier = orders(7)
      .pipe(
        deliver(),
        actors({ key: () => 'till', behavior: (inbox) => inbox, store }),
        toSink(never, { store }),
      )
      .subscribe()
    await appended
    earlier.unsubscribe()

    const taken: Sent<Order>[] = []
    await send(EMPTY, { name: 'book', deliver: async (outputs) => void taken.push(...outputs) })
    expect(taken.map(({ value }) => (value as Order).amount)).toEqual([7])
    expect(store.outbox('book').count()).toBe(0)
  })

  it('says why the sink refuses, once until that has taken something', async () => {
    const reports: string[] = []
    let tries = 0
    const sink: Sink<Order> = {
      name: 'book',
      async deliver() {
        if (tries++ % 3 < 2) throw new Error(`closed at try ${tries}`)
      },
    }
    const report = ({ message }: SinkRefusal): void => void reports.push(message)
    const outputs = orders(1, 2).pipe(
      deliver(),
      actors<Order, Order>({ key: () => 'till', behavior: (inbox) => inbox, store }),
      toSink(sink, { store, report, atATime: 1 }),
    )
    expect(await lastValueFrom(outputs.pipe(toArray()))).toHaveLength(2)
    expect(reports).toEqual([
      expect.stringMatching(
        /sink "book" refused what was given to it, 1 from .*-1-0 on: Error: closed at try 1\. They wait/,
      ),
      expect.stringMatching(
        /sink "book" refused what was given to it, 1 from .*-2-0 on: Error: closed at try 4\. They wait/,
      ),
    ])
  })

  it('refuses a second of the same name, which would deliver everything twice', async () => {
    const sink: Sink<Order> = { name: 'book', deliver: async () => {} }
    const first = NEVER.pipe(toSink(sink, { store })).subscribe()
    await expect(lastValueFrom(NEVER.pipe(toSink(sink, { store })))).rejects.toThrow(
      'sink "book" of this store is already being emptied',
    )
    first.unsubscribe()
    const again = NEVER.pipe(toSink(sink, { store })).subscribe()
    again.unsubscribe()
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses to give %s at a time', async (atATime) => {
    const sink: Sink<Order> = { name: 'book', deliver: async () => {} }
    await expect(lastValueFrom(EMPTY.pipe(toSink(sink, { store, atATime })))).rejects.toThrow(
      `atATime must be a whole number of outputs, 1 or more, got ${atATime}`,
    )
  })
})
