// What lib/runtime has of wiring.ts: wiring that must not compile. Checked by `tsc --noEmit`, never run.
import { interval, map, type Observable } from 'rxjs'
import {
  actorClock,
  asDeliveries,
  type Behavior,
  boundedOutOfOrderness,
  type Destination,
  dead,
  late,
  outputTag,
  quarantined,
  type Rejected,
  type Store,
  seconds,
  type Timed,
  tidemark,
} from '../../lib/index.ts'

type Order = Timed & { readonly id: string; readonly customer: string }
type Reading = Timed & { readonly device: string }
interface Click {
  readonly article: string
  readonly at: number
}

declare const store: Store
const app = tidemark({ store })
const clock = actorClock(boundedOutOfOrderness(seconds(10)))
const orders = app.source('orders', { input: [] as readonly Order[] })
const readings = app.source('readings', { input: [] as readonly Reading[], clock })
const customers = app.stage('customers', {
  input: orders.keyBy(({ customer }) => customer),
  behavior: (orders) => orders.pipe(map(({ id, time }) => ({ length: id.length, time }))),
})

export const sources = (): void => {
  // @ts-expect-error An event without a time needs the option `time`.
  app.source('clicks', { input: [] as readonly Click[] })
  const clicks = app.source('clicks', { input: [] as readonly Click[], time: ({ at }) => at })
  clicks.observe() satisfies Observable<Click & Timed>

  const ticks = interval(1).pipe(map((tick) => ({ tick })))
  // @ts-expect-error A plain Observable has no acknowledgements: it needs asDeliveries.
  app.source('ticks', { input: ticks, time: () => 0 })
  app.source('ticks', { input: ticks.pipe(asDeliveries({ capacity: 10 })), time: ({ tick }) => tick })
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

declare const ofOrders: Behavior<Order, string>
const review = outputTag<Order>('review')

export const stages = (): void => {
  // @ts-expect-error Streams with clocks of two scopes cannot be merged.
  orders.merge(readings)
  // @ts-expect-error A stage reads a keyed stream.
  app.stage('unkeyed', { input: orders, behavior: (orders) => orders })
  // @ts-expect-error The behavior takes other events.
  app.stage('readings', { input: readings.keyBy(({ device }) => device), behavior: ofOrders })
  // @ts-expect-error Unreadable deliveries belong to the source, late events to the stage.
  orders.side(late)
  customers.scope satisfies 'none'
  customers.side(quarantined).observe() satisfies Observable<Rejected<Order>>
  customers.side(dead).observe() satisfies Observable<Rejected<Order>>
  customers.side(review).observe() satisfies Observable<Order>
}

export const sinks = (): void => {
  const archive: Destination<Order> = { deliver: async () => {} }
  app.sink('orders', orders, archive)
  // @ts-expect-error The sink takes other values.
  app.sink('customers', customers, archive)
}
