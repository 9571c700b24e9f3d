// Clickstream: one stage counts the views of each article by the minute, and the next one lists the ten
// articles with the most views in five minutes.
import {
  boundedOutOfOrderness,
  connectNats,
  count,
  fromJetStream,
  lmdbStore,
  minutes,
  seconds,
  sharedClock,
  sliding,
  tidemark,
  toJetStream,
  topN,
  tumbling,
  window,
} from './graph-api.ts'

interface Click {
  readonly article: string
  readonly at: number
}

const nats = await connectNats({ servers: 'nats://127.0.0.1:4222' })
const app = tidemark({ store: lmdbStore('./clickstream') })

const clicks = app.source('clicks', {
  input: fromJetStream<Click>(nats, { stream: 'clicks', durable: 'trending' }),
  time: ({ at }) => at,
  clock: sharedClock(boundedOutOfOrderness(seconds(5)), { idleAfter: seconds(30) }),
})

const perMinute = app.stage('articles', {
  input: clicks.keyBy(({ article }) => article),
  behavior: (clicks, actor) => clicks.pipe(actor.durable('minutes', window(tumbling(minutes(1)), count()))),
})

const trending = app.stage('trending', {
  input: perMinute.keyBy(() => 'all'),
  behavior: (counts, actor) =>
    counts.pipe(
      actor.durable(
        'top',
        topN({
          limit: 10,
          window: sliding(minutes(5), minutes(1)),
          name: ({ key }) => key,
          score: ({ value }) => value,
        }),
      ),
    ),
})

app.sink('counts', perMinute, toJetStream(nats, { subject: ['views', ({ key }) => key] }))
app.sink('trending', trending, toJetStream(nats, { subject: ['trending'] }))
trending.observe().subscribe(({ top }) => console.log(top.map(({ name }) => name).join(', ')))
await app.run()
