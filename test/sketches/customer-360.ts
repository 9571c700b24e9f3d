// Customer 360: one actor for each customer joins orders with the profile that was valid at the time, and
// tickets with the orders of the two weeks before.
import { merge } from 'rxjs'
import {
  boundedOutOfOrderness,
  connectNats,
  days,
  fromJetStream,
  intervalJoin,
  lmdbStore,
  seconds,
  sharedClock,
  type Timed,
  temporalJoin,
  tidemark,
  toJetStream,
} from './graph-api.ts'

type Order = Timed & { readonly id: string; readonly customer: string; readonly total: number }
type Ticket = Timed & { readonly id: string; readonly from: string; readonly subject: string }
type Profile = Timed & { readonly customer: string; readonly tier: 'gold' | 'standard' }

const nats = await connectNats({ servers: 'nats://127.0.0.1:4222' })
const app = tidemark({ store: lmdbStore('./customers') })

const clock = sharedClock(boundedOutOfOrderness(seconds(30)))
const orders = app.source('orders', {
  input: fromJetStream<Order>(nats, { stream: 'orders', durable: 'customers' }),
  clock,
})
const tickets = app.source('tickets', {
  input: fromJetStream<Ticket>(nats, { stream: 'tickets', durable: 'customers' }),
  clock,
})
const profiles = app.source('profiles', {
  input: fromJetStream<Profile>(nats, { stream: 'profiles', durable: 'customers' }),
})

const customers = app.stage('customers', {
  input: {
    orders: orders.keyBy(({ customer }) => customer),
    tickets: tickets.keyBy(({ from }) => from),
    profiles: profiles.keyBy(({ customer }) => customer).asReference(),
  },
  behavior: ({ orders, tickets, profiles }, actor) => {
    const sales = orders.pipe(
      actor.join(
        'profile',
        profiles,
        temporalJoin({ join: (order, profile) => ({ ...order, tier: profile?.tier }) }),
      ),
    )
    const complaints = tickets.pipe(
      actor.join(
        'order',
        orders,
        intervalJoin({ from: -days(14), to: 0, join: (ticket, order) => ({ ...ticket, order }) }),
      ),
    )
    return merge(sales, complaints)
  },
})

const goldSales = customers.filter((event) => 'tier' in event).filter(({ tier }) => tier === 'gold')
const complaints = customers.filter((event) => 'order' in event)
app.sink('gold', goldSales, toJetStream(nats, { subject: ['sale', 'gold', ({ customer }) => customer] }))
app.sink('complaints', complaints, toJetStream(nats, { subject: ['complaint', ({ from }) => from] }))
await app.run()
