// Brute force: one source of logins, and two stages that count failures: for each user, for each address.
import {
  boundedOutOfOrderness,
  connectNats,
  type Duration,
  fromJetStream,
  lmdbStore,
  minutes,
  ordered,
  type Processor,
  seconds,
  sharedClock,
  type Timed,
  tidemark,
  toJetStream,
} from './graph-api.ts'

type Login = Timed & { readonly user: string; readonly address: string; readonly succeeded: boolean }
type Attack = Timed & { readonly key: string; readonly failures: number }

/** Emits when there are `limit` failures within a stretch of event time. */
const failures = (limit: number, within: Duration): Processor<Login, Attack, { times: number[] }> => ({
  expectsOrder: true,
  create: () => ({ times: [] }),
  onEvent(state, { time, succeeded }, out, { key }) {
    if (succeeded) return
    state.times.push(time)
    if (state.times.length === limit) out.emit({ time, key, failures: limit })
  },
  due: ({ times }) => (times[0] ?? Number.POSITIVE_INFINITY) + within,
  onTime(state, time) {
    state.times = state.times.filter((earlier) => earlier + within > time)
  },
  isEmpty: ({ times }) => times.length === 0,
})

const nats = await connectNats({ servers: 'nats://127.0.0.1:4222' })
const app = tidemark({ store: lmdbStore('./logins') })

const logins = app.source('logins', {
  input: fromJetStream<Login>(nats, { stream: 'logins', durable: 'brute-force' }),
  clock: sharedClock(boundedOutOfOrderness(seconds(5)), { idleAfter: minutes(1) }),
})

const users = app.stage('users', {
  input: logins.keyBy(({ user }) => user),
  behavior: (logins, actor) =>
    logins.pipe(actor.durable('order', ordered()), actor.durable('failures', failures(5, minutes(1)))),
})
const addresses = app.stage('addresses', {
  input: logins.keyBy(({ address }) => address),
  behavior: (logins, actor) =>
    logins.pipe(actor.durable('order', ordered()), actor.durable('failures', failures(50, minutes(10)))),
})

const attacks = users
  .map((attack) => ({ ...attack, on: 'user' }))
  .merge(addresses.map((attack) => ({ ...attack, on: 'address' })))
app.sink('attacks', attacks, toJetStream(nats, { subject: ['attack', ({ on }) => on, ({ key }) => key] }))
await app.run()
