import { firstValueFrom, map, Subject, take, toArray } from 'rxjs'
import { expect, test } from 'vitest'
import { counter } from '../../test/support/counter.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { Delivery } from '../actors/delivery.ts'
import { actorClock } from '../processors/actor-clock.ts'
import { tumbling } from '../processors/tumbling.ts'
import { window } from '../processors/window.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import { count } from '../statistics/count.ts'
import { milliseconds, minutes, seconds } from '../time/duration.ts'
import { late } from '../time/output-tag.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import type { Destination } from './destination.ts'
import { list, type Order, openStore, order } from './orders.fixture.ts'
import { tidemark } from './tidemark.ts'

test('every stage of a source takes each event, and run resolves when the source has ended', async () => {
  const app = tidemark({ store: openStore() })
  const orders = app.source('orders', { input: [order('ann', 'tea'), order('bob'), order('ann', 'tea')] })
  const [customers, shops] = [list<string>(), list<string>()]
  const behavior = (name: string) =>
    app.stage(name, {
      input: orders.keyBy(({ customer }) => (name === 'customers' ? customer : 'shop')),
      behavior: (events, actor) =>
        events.pipe(
          actor.durable('count', counter()),
          map((orders) => `${actor.key} ${orders}`),
        ),
    })
  app.sink('customers', behavior('customers'), customers)
  app.sink('shops', behavior('shops'), shops)
  await app.run()
  expect(customers.values()).toEqual(['ann 1', 'bob 1', 'ann 2'])
  expect(shops.values()).toEqual(['shop 1', 'shop 2', 'shop 3'])
})

test('a publish is acknowledged once, and a redelivery recognised once, for all that read a source', async () => {
  const app = tidemark({ store: openStore() })
  const input = new Subject<Delivery<Order>>()
  const orders = app.source('orders', { input })
  const counts = list<number>()
  for (const name of ['one', 'two', 'three']) {
    const stage = app.stage(name, {
      input: orders.keyBy(({ customer }) => customer),
      behavior: (events, actor) => events.pipe(actor.durable('count', counter())),
    })
    app.sink(name, stage, counts)
  }
  const raw = list<Order>()
  app.sink('raw', orders, raw)
  const running = app.run()
  let pubacks = 0
  const publish = (number: number, resent = false): Promise<void> =>
    new Promise((resolve, reject) => {
      const ack = (): void => {
        pubacks++
        resolve()
      }
      const receipt = { sender: 'till', number, checksum: 0, resent }
      input.next(new Delivery([order('ann')], { ack, reject }, { receipt }))
    })
  await publish(1)
  await publish(1, true)
  await publish(2)
  input.complete()
  await running
  expect(pubacks).toBe(3)
  expect(counts.values().sort()).toEqual([1, 1, 1, 2, 2, 2])
  expect(raw.values()).toHaveLength(2)
})

test('actors have clocks of their own, which the source declares, and late events are rejected', async () => {
  const app = tidemark({ store: openStore() })
  const at = (customer: string, minute: number) => ({ at: minutes(minute) + 1_000_000_000_000, customer })
  const visits = app.source('visits', {
    input: [at('ann', 0), at('ann', 1), at('bob', 50), at('ann', 20), at('ann', 0), at('bob', 70)],
    time: (visit) => visit.at,
    clock: actorClock(boundedOutOfOrderness(seconds(1))),
  })
  const windows = app.stage('windows', {
    input: visits.keyBy(({ customer }) => customer),
    behavior: (events, actor) =>
      events.pipe(
        actor.durable('windows', window(tumbling(minutes(10)), count())),
        map(({ value }) => `${actor.key} ${value}`),
      ),
  })
  const [closed, rejected] = [list<string>(), list<string>()]
  app.sink('closed', windows, closed)
  app.sink(
    'late',
    windows.side(late).map(({ kind, key, value }) => `${kind} ${key} ${value.at}`),
    rejected,
  )
  await app.run()
  expect(closed.values()).toEqual(['ann 2', 'bob 1'])
  expect(rejected.values()).toEqual([`late ann ${at('ann', 0).at}`])
})

test('observe emits what is flushed to those that listen', async () => {
  const store = openStore()
  const app = tidemark({ store })
  const orders = app.source('orders', { input: [order('ann'), order('bob')] })
  const counted = app.stage('count', {
    input: orders.keyBy(({ customer }) => customer),
    behavior: (events, actor) => events.pipe(actor.durable('count', counter())),
  })
  const customers = firstValueFrom(
    orders
      .map(({ customer }) => customer)
      .observe()
      .pipe(take(2), toArray()),
  )
  const counts = firstValueFrom(counted.observe().pipe(take(2), toArray()))
  await app.run()
  expect([await customers, await counts]).toEqual([
    ['ann', 'bob'],
    [1, 1],
  ])
})

test('after a signal run saves what is accepted, and a new process goes on from there', async () => {
  const folder = temporaryFolder()
  const counts = list<number>()
  for (const expected of [[1], [1, 2]]) {
    const store = lmdbStore(folder)
    const app = tidemark({ store })
    const input = new Subject<Delivery<Order>>()
    const stage = app.stage('count', {
      input: app.source('orders', { input }).keyBy(({ customer }) => customer),
      behavior: (events, actor) => events.pipe(actor.durable('count', counter())),
    })
    app.sink('counts', stage, counts)
    const stop = new AbortController()
    const running = app.run({ signal: stop.signal })
    await new Promise<void>((ack) => input.next(new Delivery([order('ann')], { ack })))
    stop.abort()
    await running
    expect(input.observed).toBe(false)
    expect(counts.values()).toEqual(expected)
    await store.close()
  }
})

test('a signal does not wait for a destination that refuses: what is left is delivered by the next run', async () => {
  const folder = temporaryFolder()
  const reports: string[] = []
  const run = async (input: readonly Order[], destination: Destination<Order>, signal?: AbortSignal) => {
    const store = lmdbStore(folder)
    const app = tidemark({ store, report: (line) => void reports.push(line) })
    app.sink('orders', app.source('orders', { input }), destination)
    app.sink('rejected', app.rejected, list())
    await app.run({ ...(signal && { signal }), drainFor: milliseconds(50) })
    await store.close()
  }
  const stop = new AbortController()
  const refusal: Destination<Order> = {
    async deliver() {
      stop.abort()
      throw new Error('closed')
    },
  }
  await run([order('ann')], refusal, stop.signal)
  expect(reports).toEqual([
    expect.stringMatching(/^Sink "orders" did not take 1 outputs from .*Error: closed/),
  ])
  const orders = list<Order>()
  await run([], orders)
  expect(orders.values()).toEqual([order('ann')])
})

test('a source that fails ends the run', async () => {
  const app = tidemark({ store: openStore() })
  const input = new Subject<Delivery<Order>>()
  app.source('orders', { input })
  const running = app.run()
  input.error(new Error('connection lost'))
  await expect(running).rejects.toThrow('connection lost')
})

test('a graph that cannot start leaves its store to the next one', async () => {
  const store = openStore()
  const counts = list<number>()
  const run = async (version: number, drainFor = milliseconds(0)): Promise<void> => {
    const app = tidemark({ store })
    const input = new Subject<Delivery<Order>>()
    const stage = app.stage('count', {
      input: app.source('orders', { input }).keyBy(({ customer }) => customer),
      behavior: (events, actor) => events.pipe(actor.durable('count', counter())),
      version,
    })
    app.sink('counts', stage, counts)
    const stop = new AbortController()
    const running = app.run({ signal: stop.signal, drainFor })
    if (input.observed) await new Promise<void>((ack) => input.next(new Delivery([order('ann')], { ack })))
    stop.abort()
    await running
  }
  await run(1)
  await expect(run(2)).rejects.toThrow('The journal was left by another version of stage "count"')
  await run(1, seconds(30))
  // At least once: what was delivered and not deleted yet comes again, with its id.
  const delivered = new Map(counts.outputs.map(({ id, value }) => [id, value]))
  expect([...delivered.values()]).toEqual([1, 2])
})
