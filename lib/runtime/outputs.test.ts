import { concatMap, map, Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { Delivery } from '../actors/delivery.ts'
import { dead, outputTag } from '../time/output-tag.ts'
import type { Processor } from '../time/processor.ts'
import type { Delivered } from './destination.ts'
import { list, type Order, openStore, order } from './orders.fixture.ts'
import type { Rejected } from './stream.ts'
import { tidemark } from './tidemark.ts'

/** Position and number of each output, and its value. */
const idsOf = (outputs: readonly Delivered<unknown>[]): string[] =>
  outputs.map(({ id, value }) => `${id.split('-').slice(-2).join('-')} ${JSON.stringify(value)}`)

test('a stage runs once for all its readers, whose outputs keep their ids behind maps and filters', async () => {
  const app = tidemark({ store: openStore() })
  let turns = 0
  const items = app.stage('items', {
    input: app.source('orders', { input: [order('ann', 'tea', 'milk', 'bread')] }).keyBy(() => 'till'),
    behavior: (events) =>
      events.pipe(
        concatMap(({ items }) => {
          turns++
          return items
        }),
      ),
  })
  const [all, some, loud, next] = [list<string>(), list<string>(), list<string>(), list<string>()]
  app.sink('all', items, all)
  app.sink(
    'some',
    items.filter((item) => item !== 'tea'),
    some,
  )
  app.sink(
    'loud',
    items.filter((item) => item !== 'milk').map((item) => item.toUpperCase()),
    loud,
  )
  const lengths = app.stage('lengths', {
    input: items.map((item) => ({ time: 0, item })).keyBy(({ item }) => item),
    behavior: (events) => events.pipe(map(({ item }) => item.length)),
  })
  app.sink('next', lengths.map(String), next)
  await app.run()
  expect(turns).toBe(1)
  expect(idsOf(all.outputs)).toEqual(['1-0 "tea"', '1-1 "milk"', '1-2 "bread"'])
  expect(idsOf(some.outputs)).toEqual(['1-1 "milk"', '1-2 "bread"'])
  expect(idsOf(loud.outputs)).toEqual(['1-0 "TEA"', '1-2 "BREAD"'])
  expect(next.values()).toEqual(['3', '4', '5'])
})

test('a projection that throws makes an output a dead letter of its sink, under the same id', async () => {
  const app = tidemark({ store: openStore() })
  const items = app.stage('items', {
    input: app.source('orders', { input: [order('ann', 'tea', 'salt')] }).keyBy(({ customer }) => customer),
    behavior: (events) => events.pipe(concatMap(({ items }) => items)),
  })
  const refuse = (item: string): string => {
    if (item === 'salt') throw new Error('no salt')
    return item
  }
  const [all, one, two, rejected] = [
    list<string>(),
    list<string>(),
    list<string>(),
    list<Rejected<unknown>>(),
  ]
  app.sink('all', items, all)
  app.sink('one', items.map(refuse), one)
  app.sink(
    'two',
    items.filter((item) => refuse(item) !== ''),
    two,
  )
  app.sink('rejected', app.rejected, rejected)
  await app.run()
  expect(all.values()).toEqual(['tea', 'salt'])
  expect([one.values(), two.values()]).toEqual([['tea'], ['tea']])
  expect(rejected.values().map(({ kind, from, key, value }) => [kind, from, key, value])).toEqual([
    ['dead', 'one', 'ann', 'salt'],
    ['dead', 'two', 'ann', 'salt'],
  ])
  expect(rejected.values()[0]?.reason).toBe('a map or filter in front of sink "one" threw: Error: no salt')
  expect(idsOf(rejected.outputs).map((id) => id.split(' ')[0])).toEqual(['1-1', '1-2'])
})

test('an output that cannot be encoded is a dead letter with its description', async () => {
  const app = tidemark({ store: openStore() })
  const items = app.stage('items', {
    input: app.source('orders', { input: [order('ann')] }).keyBy(({ customer }) => customer),
    behavior: (events) => events.pipe(map(() => ({ call: Symbol('tea') }))),
  })
  const [all, rejected] = [list<unknown>(), list<Rejected<unknown>>()]
  app.sink('all', items, all)
  app.sink('rejected', app.rejected, rejected)
  await app.run()
  expect(all.values()).toEqual([])
  expect(rejected.values()[0]).toMatchObject({ from: 'all', value: '{ call: Symbol(tea) }' })
})

test('an input of a stage for which a map or the key throws is a dead letter of that stage alone', async () => {
  const app = tidemark({ store: openStore() })
  const orders = app.source('orders', { input: [order('ann'), order(''), order('bob')] })
  const [good, firsts, rejected] = [list<string>(), list<string>(), list<Rejected<unknown>>()]
  const keyed = orders.map((event) => {
    if (event.customer === 'bob') throw new Error('no bob')
    return event
  })
  const names = { good: orders.keyBy(() => 'all'), firsts: keyed.keyBy(({ customer }) => customer) }
  for (const [name, input] of Object.entries(names)) {
    const stage = app.stage(name, {
      input,
      behavior: (events) => events.pipe(map(({ customer }) => customer)),
    })
    app.sink(name, stage, name === 'good' ? good : firsts)
    app.sink(`dead of ${name}`, stage.side(dead), rejected)
  }
  await app.run()
  expect(good.values()).toEqual(['ann', '', 'bob'])
  expect(firsts.values()).toEqual(['ann'])
  expect(rejected.values().map(({ from, reason }) => [from, reason])).toEqual([
    ['firsts', 'no key: The key of the actor is empty: it must have at least 1 character'],
    ['firsts', 'a map or filter in front of stage "firsts" threw: Error: no bob'],
  ])
})

const large = outputTag<Order>('large')

const largeOrders: Processor<Order, Order> = {
  create: () => ({}),
  onEvent(_state, event, out) {
    if (event.items.length > 1) out.to(large, event)
    else out.emit(event)
  },
}

test('a side output has readers of its own', async () => {
  const app = tidemark({ store: openStore() })
  const sizes = app.stage('sizes', {
    input: app
      .source('orders', { input: [order('ann', 'tea'), order('bob', 'tea', 'milk')] })
      .keyBy(() => 'x'),
    behavior: (events, actor) => events.pipe(actor.durable('size', largeOrders)),
  })
  const [small, big, both] = [list<string>(), list<string>(), list<string>()]
  const customer = (event: Order): string => event.customer
  app.sink('small', sizes.map(customer), small)
  app.sink('big', sizes.side(large).map(customer), big)
  app.sink('both', sizes.merge(sizes.side(large)).map(customer), both)
  await app.run()
  expect([small.values(), big.values(), both.values()]).toEqual([['ann'], ['bob'], ['ann', 'bob']])
})

test('what a source cannot read is rejected once, whatever reads it', async () => {
  const app = tidemark({ store: openStore() })
  const input = new Subject<Delivery<Order>>()
  const orders = app.source('orders', { input })
  for (const name of ['one', 'two']) {
    app.stage(name, { input: orders.keyBy(({ customer }) => customer), behavior: (events) => events })
  }
  const [rejected, unreadable] = [list<string>(), list<string>()]
  app.sink(
    'rejected',
    app.rejected.map(({ from, reason }) => `${from}: ${reason}`),
    rejected,
  )
  app.sink(
    'unreadable',
    orders.side(dead).map(({ reason }) => reason),
    unreadable,
  )
  const running = app.run()
  input.next(
    new Delivery([order('ann')], undefined, { asides: [{ tag: 'dead', value: 'x', reason: 'torn' }] }),
  )
  input.complete()
  await running
  expect([rejected.values(), unreadable.values()]).toEqual([['orders: torn'], ['torn']])
})

test('an output that nothing reads is reported', async () => {
  const reports: string[] = []
  const app = tidemark({ store: openStore(), report: (line) => void reports.push(line) })
  const orders = app.source('orders', { input: [order('ann')] })
  app.stage('customers', { input: orders.keyBy(({ customer }) => customer), behavior: (events) => events })
  await app.run()
  expect(reports).toEqual([
    'Nothing reads the outputs of stage "customers"',
    'Nothing reads app.rejected, so that late and dead values are dropped: give it a sink of its own',
  ])
})
