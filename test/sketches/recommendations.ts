// Recommendations: products viewed in one session belong together. On the shared clock the session of a user
// that has left closes as other users go on.
import { filter, mergeMap } from 'rxjs'
import {
  boundedOutOfOrderness,
  collect,
  connectNats,
  days,
  fromJetStream,
  hours,
  lmdbStore,
  minutes,
  sessions,
  sharedClock,
  sliding,
  type Timed,
  tidemark,
  toJetStream,
  topN,
  window,
} from './graph-api.ts'

type View = Timed & { readonly user: string; readonly product: string }

const nats = await connectNats({ servers: 'nats://127.0.0.1:4222' })
const app = tidemark({ store: lmdbStore('./recommendations') })

const views = app.source('views', {
  input: fromJetStream<View>(nats, { stream: 'views', durable: 'recommendations' }),
  clock: sharedClock(boundedOutOfOrderness(minutes(1)), { idleAfter: minutes(5) }),
})

const pairs = app.stage('sessions', {
  input: views.keyBy(({ user }) => user),
  behavior: (views, actor) =>
    views.pipe(
      actor.durable(
        'session',
        window(
          sessions(minutes(30)),
          collect((view) => view.product),
        ),
      ),
      filter(({ value }) => value.length <= 100),
      mergeMap(({ time, value }) =>
        value.flatMap((product) => value.map((other) => ({ time, product, other }))),
      ),
      filter(({ product, other }) => product !== other),
    ),
})

const together = app.stage('products', {
  input: pairs.keyBy(({ product }) => product),
  behavior: (pairs, actor) =>
    pairs.pipe(
      actor.durable(
        'top',
        topN({ limit: 10, window: sliding(days(7), hours(1)), name: ({ other }) => other }),
      ),
    ),
})

app.sink('recommendations', together, toJetStream(nats, { subject: ['recommended', ({ key }) => key] }))
await app.run()
