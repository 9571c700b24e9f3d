// Wiring that must not compile, and types that must be inferred. Checked by `tsc --noEmit`, never run.
import { interval, map, type Observable } from 'rxjs'
import {
  actorClock,
  asDeliveries,
  type Behavior,
  boundedOutOfOrderness,
  broadcast,
  dead,
  fromJetStream,
  late,
  type Nats,
  outputTag,
  type Processor,
  provisional,
  quarantined,
  type Rejected,
  type Sink,
  type Store,
  seconds,
  sharedClock,
  type Timed,
  tidemark,
  toJetStream,
} from './graph-api.ts'

type Order = Timed & { readonly id: string; readonly customer: string }
type Reading = Timed & { readonly device: string }
interface Click {
  readonly article: string
  readonly at: number
}

declare const nats: Nats
declare const store: Store
const app = tidemark({ store })
const bound = boundedOutOfOrderness(seconds(10))
const input = fromJetStream<Order>(nats, { stream: 'orders', durable: 'test' })
const orders = app.source('orders', { input, clock: sharedClock(bound) })
const readings = app.source('readings', { input: [] as readonly Reading[], clock: actorClock(bound) })
const timeless = app.source('timeless', { input })
const customers = app.stage('customers', {
  input: orders.keyBy(({ customer }) => customer),
  behavior: (orders) => orders.pipe(map(({ id, time }) => ({ length: id.length, time }))),
})

export const sources = (): void => {
  // @ts-expect-error An event without a time needs the option `time`.
  app.source('clicks', { input: [] as readonly Click[] })
  const clicks = app.source('clicks', { input: [] as readonly Click[], time: ({ at }) => at })
  clicks.observe() satisfies Observable<Click & Timed>

  // @ts-expect-error A plain Observable has no acknowledgements: it needs asDeliveries.
  app.source('ticks', { input: interval(1), time: () => 0 })
  app.source('ticks', { input: interval(1).pipe(asDeliveries({ capacity: 10 })), time: (tick) => tick })
}

export const operators = (): void => {
  // @ts-expect-error RxJS operators belong in a behavior.
  orders.pipe(map(({ id }) => id))
  // @ts-expect-error A stream is not an Observable: subscribe to observe().
  orders.subscribe()
  // @ts-expect-error An event without a time cannot go to a stage.
  orders.map(({ id }) => id).keyBy((id) => id)
  // @ts-expect-error A key is a string.
  orders.keyBy(({ time }) => time)
  orders.map(({ id }) => id).observe() satisfies Observable<string>
}

export const clocks = (): void => {
  // @ts-expect-error Streams with clocks of two scopes cannot be merged.
  orders.merge(readings)
  // @ts-expect-error Neither can one with a clock and one without.
  orders.merge(timeless)
  const keyed = { orders: orders.keyBy(({ id }) => id), readings: readings.keyBy(({ device }) => device) }
  // @ts-expect-error Nor can they be inputs of one stage.
  app.stage('mixed', { input: keyed, behavior: ({ orders }) => orders })
  const reference = { ...keyed, readings: keyed.readings.asReference() }
  const mixed = app.stage('mixed', { input: reference, behavior: ({ readings }) => readings })
  mixed.scope satisfies 'shared'
  mixed.side(late).observe() satisfies Observable<Rejected<Order | Reading>>

  // @ts-expect-error Outputs behind a shared clock follow that clock.
  app.stage('twice', { input: keyed.orders, behavior: (orders) => orders, outputClock: sharedClock(bound) })
  app.stage('devices', { input: keyed.readings, behavior: (readings) => readings }).scope satisfies 'none'
  const outputClock = sharedClock(bound)
  const devices = app.stage('devices', { input: keyed.readings, behavior: (given) => given, outputClock })
  orders.merge(devices).observe() satisfies Observable<Order | Reading>
}

declare const ofOrders: Behavior<Order, string>

export const stages = (): void => {
  // @ts-expect-error A stage reads a keyed stream.
  app.stage('unkeyed', { input: orders, behavior: (orders) => orders })
  // @ts-expect-error The behavior takes other events.
  app.stage('readings', { input: readings.keyBy(({ device }) => device), behavior: ofOrders })
  // @ts-expect-error A stage of reference inputs only has no time.
  app.stage('reference', { input: orders.keyBy(({ id }) => id).asReference(), behavior: (orders) => orders })
  // @ts-expect-error Unreadable deliveries belong to the source, late events to the stage.
  orders.side(late)
  // @ts-expect-error And times that are not accepted are quarantined at the source.
  customers.side(quarantined)
  customers.side(dead).observe() satisfies Observable<Rejected<Order>>
  customers.side(provisional).observe() satisfies Observable<{ length: number; time: number }>
  customers.side(review).observe() satisfies Observable<Order>
  // @ts-expect-error Only a stage has actors to explain.
  app.explain(orders, 'customer-1')
}

export const sinks = (): void => {
  const archive: Sink<Order> = { deliver: async () => {} }
  app.sink('orders', orders, archive)
  // @ts-expect-error The sink takes other values.
  app.sink('customers', customers, archive)
  // @ts-expect-error The value has no such field.
  app.sink('customers', customers, toJetStream(nats, { subject: ['customer', ({ id }) => id] }))
}

const review = outputTag<Order>('review')
const lengths = outputTag<number>('lengths')
const limit = broadcast<number>('limit')

export const step: Processor<Order, string, { count: number }, typeof review> = {
  sides: [review],
  create: () => ({ count: 0 }),
  onEvent(_state, order, out, turn) {
    out.to(review, order)
    // @ts-expect-error The tag is for orders.
    out.to(review, order.id)
    // @ts-expect-error The step does not name the tag in its sides.
    out.to(lengths, order.id.length)
    turn.value(limit) satisfies number
  },
  onTime(_state, time, out, turn) {
    out.emit(`${turn.key} ${time}`)
    // @ts-expect-error A timer fires at an arbitrary moment of wall time.
    out.emit(`${turn.arrival}`)
    // @ts-expect-error And under whichever version is in force then.
    turn.value(limit)
  },
}
