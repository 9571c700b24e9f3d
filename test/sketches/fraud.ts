// Fraud: reports a card that pays too often, or in two countries within an hour. Large payments also go to a
// side output, for review.
import { merge, share } from 'rxjs'
import {
  type Behavior,
  boundedOutOfOrderness,
  connectNats,
  type Duration,
  days,
  fromJetStream,
  hours,
  lmdbStore,
  minutes,
  ordered,
  outputTag,
  type Processor,
  seconds,
  sharedClock,
  type Timed,
  tidemark,
  toJetStream,
} from './graph-api.ts'

type Payment = Timed & { readonly card: string; readonly amount: number; readonly country: string }
type Fraud = Timed & { readonly card: string; readonly reason: string }

const review = outputTag<Payment>('review')

const tooOften = (limit: number, within: Duration): Processor<Payment, Fraud, { times: number[] }> => ({
  create: () => ({ times: [] }),
  onEvent(state, { card, time }, out) {
    state.times = [...state.times.filter((earlier) => earlier > time - within), time]
    if (state.times.length > limit) out.emit({ card, time, reason: `${state.times.length} payments` })
  },
})

const travel: Processor<Payment, Fraud, { last: Payment | null }, typeof review> = {
  sides: [review],
  expectsOrder: true,
  create: () => ({ last: null }),
  onEvent(state, payment, out) {
    const { card, time, country, amount } = payment
    const { last } = state
    if (last && last.country !== country && time - last.time < hours(1)) {
      out.emit({ card, time, reason: `in ${last.country}, then in ${country}` })
    }
    if (amount > 5_000) out.to(review, payment)
    state.last = payment
  },
}

const watchCard: Behavior<Payment, Fraud> = (payments, actor) => {
  const inOrder = payments.pipe(actor.durable('order', ordered()), share())
  return merge(
    inOrder.pipe(actor.durable('frequency', tooOften(3, minutes(1)))),
    inOrder.pipe(actor.durable('travel', travel)),
  )
}

const nats = await connectNats({ servers: 'nats://127.0.0.1:4222' })
const app = tidemark({ store: lmdbStore('./fraud') })

const payments = app.source('payments', {
  input: fromJetStream<Payment>(nats, { stream: 'payments', durable: 'fraud' }),
  clock: sharedClock(boundedOutOfOrderness(seconds(10))),
})
const cards = app.stage('cards', {
  input: payments.keyBy(({ card }) => card),
  behavior: watchCard,
  timeToLive: days(30),
})
app.sink('fraud', cards, toJetStream(nats, { subject: ['fraud', ({ card }) => card] }))
app.sink('review', cards.side(review), toJetStream(nats, { subject: ['review', ({ card }) => card] }))
app.sink('rejected', app.rejected, toJetStream(nats, { subject: ['rejected', ({ kind }) => kind] }))

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
await app.run({ signal: stop.signal })
