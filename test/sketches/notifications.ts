// Notifications: rules that change while the program runs decide which notices are sent, and how many a user
// receives in an hour.
import { exhaustMap, filter, timer } from 'rxjs'
import {
  type Behavior,
  boundedOutOfOrderness,
  broadcast,
  connectNats,
  fromJetStream,
  hours,
  lmdbStore,
  outputTag,
  type Processor,
  seconds,
  sharedClock,
  type Timed,
  tidemark,
  toJetStream,
} from './graph-api.ts'

type Notice = Timed & { readonly user: string; readonly kind: string; readonly text: string }

interface Rules {
  readonly kinds: readonly string[]
  readonly perHour: number
}

const rules = broadcast<Rules>('rules')
const suppressed = outputTag<Notice>('suppressed')

/** Emits as many notices as the rules allow in the hour that begins with the first. */
const rateLimit: Processor<Notice, Notice, { sent: number; until: number }, typeof suppressed> = {
  sides: [suppressed],
  create: () => ({ sent: 0, until: Number.POSITIVE_INFINITY }),
  onEvent(state, notice, out, turn) {
    if (state.sent >= turn.value(rules).perHour) return out.to(suppressed, notice)
    if (state.sent === 0) state.until = notice.time + hours(1)
    state.sent += 1
    out.emit(notice)
  },
  due: ({ until }) => until,
  onTime(state) {
    state.sent = 0
    state.until = Number.POSITIVE_INFINITY
  },
  isEmpty: ({ sent }) => sent === 0,
}

const notify: Behavior<Notice, Notice> = (notices, actor) => {
  const inForce = actor.value(rules)
  return notices.pipe(
    filter(({ kind }) => inForce.current.kinds.includes(kind)),
    actor.durable('limit', rateLimit),
  )
}

const fetchRules = async (): Promise<Rules> => {
  const response = await fetch('https://config.example/rules')
  return response.json() as Promise<Rules>
}

const nats = await connectNats({ servers: 'nats://127.0.0.1:4222' })
const app = tidemark({ store: lmdbStore('./notifications') })
app.broadcast(rules, timer(0, seconds(60)).pipe(exhaustMap(fetchRules)))

const notices = app.source('notices', {
  input: fromJetStream<Notice>(nats, { stream: 'notices', durable: 'notifications' }),
  clock: sharedClock(boundedOutOfOrderness(seconds(10)), { idleAfter: seconds(30) }),
})
const users = app.stage('users', { input: notices.keyBy(({ user }) => user), behavior: notify })
app.sink('notifications', users, toJetStream(nats, { subject: ['notify', ({ user }) => user] }))
app.sink(
  'suppressed',
  users.side(suppressed),
  toJetStream(nats, { subject: ['suppressed', ({ user }) => user] }),
)
await app.run()
