// ETL: reads a file of orders to its end, joins each with the price that was valid at the time, and writes it
// to a warehouse. Killed and started again, it continues where the last commit ended.
import { open } from 'node:fs/promises'
import {
  boundedOutOfOrderness,
  connectNats,
  days,
  fromJetStream,
  hours,
  lmdbStore,
  replayable,
  type Sink,
  sharedClock,
  type Timed,
  temporalJoin,
  tidemark,
} from './graph-api.ts'

interface Order {
  readonly id: string
  readonly product: string
  readonly pieces: number
  readonly createdAt: string
}
type Price = Timed & { readonly product: string; readonly cents: number }
interface Row {
  readonly id: string
  readonly cents: number | undefined
}

declare const warehouse: { upsert(rows: readonly Row[]): Promise<void> }

async function* ordersFrom(offset: number): AsyncGenerator<Order> {
  const file = await open('orders.ndjson')
  let line = 0
  for await (const text of file.readLines()) if (line++ >= offset) yield JSON.parse(text)
}

const toWarehouse: Sink<Row> = {
  deliver: (outputs) => warehouse.upsert(outputs.map(({ value }) => value)),
}

const nats = await connectNats({ servers: 'nats://127.0.0.1:4222' })
const app = tidemark({ store: lmdbStore('./etl') })

const orders = app.source('orders', {
  input: replayable(ordersFrom),
  time: ({ createdAt }) => Date.parse(createdAt),
  clock: sharedClock(boundedOutOfOrderness(hours(1)), { maxJump: days(1) }),
})
const prices = app.source('prices', {
  input: fromJetStream<Price>(nats, { stream: 'prices', durable: 'etl' }),
})

const priced = app.stage('products', {
  input: {
    orders: orders.keyBy(({ product }) => product),
    prices: prices.keyBy(({ product }) => product).asReference(),
  },
  behavior: ({ orders, prices }, actor) =>
    orders.pipe(
      actor.join(
        'price',
        prices,
        temporalJoin({ join: ({ id, pieces }, price) => ({ id, cents: price && pieces * price.cents }) }),
      ),
    ),
})

app.sink('warehouse', priced, toWarehouse)
app.sink('rejected', app.rejected, { deliver: async (outputs) => console.error(outputs) })
await app.run()
console.log('all orders are in the warehouse')
