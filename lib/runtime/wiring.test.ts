import { map } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { counter } from '../../test/support/counter.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import type { Behavior } from '../actors/behavior.ts'
import { actorClock } from '../processors/actor-clock.ts'
import { tumbling } from '../processors/tumbling.ts'
import { window } from '../processors/window.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import type { Store } from '../state/store.ts'
import { count } from '../statistics/count.ts'
import { minutes, seconds } from '../time/duration.ts'
import { late } from '../time/output-tag.ts'
import type { Timed } from '../time/timed.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import type { Destination } from './destination.ts'
import { type Tidemark, tidemark } from './tidemark.ts'

interface Payment extends Timed {
  readonly card: string
}

const payments: readonly Payment[] = []
const book: Destination<unknown> = { deliver: async () => {} }
const card = (payment: Payment): string => payment.card

const secondClock = () => actorClock(boundedOutOfOrderness(seconds(1)))

const openStore = (): Store => {
  const store = lmdbStore(temporaryFolder())
  onTestFinished(() => store.close())
  return store
}

const newApp = (): Tidemark => tidemark({ store: openStore() })

const cardsOf = (app: Tidemark, name = 'cards') =>
  app.stage(name, {
    input: app.source(`payments of ${name}`, { input: payments }).keyBy(card),
    behavior: (events) => events,
  })

test('two parts of one kind have two names', () => {
  const app = newApp()
  cardsOf(app)
  const input = app.source('others', { input: payments }).keyBy(card)
  expect(() => app.stage('cards', { input, behavior: (events) => events })).toThrow(
    'Two stages are named "cards": give each a unique name',
  )
  expect(() => app.source('others', { input: payments })).toThrow(
    'Two sources are named "others": give each a unique name',
  )
  app.sink('cards', input.keyed, book)
  expect(() => app.sink('cards', input.keyed, book)).toThrow(
    'Two sinks are named "cards": give each a unique name',
  )
})

test('a name is a key of the store', () => {
  expect(() => newApp().source('', { input: payments })).toThrow('The name of the source is empty')
})

test('a stage and a sink read streams of their own graph', () => {
  const other = newApp().source('payments', { input: payments })
  const app = newApp()
  expect(() => app.stage('cards', { input: other.keyBy(card), behavior: (events) => events })).toThrow(
    'Stage "cards" reads source "payments" of another graph: declare both with the same tidemark()',
  )
  const own = app.source('payments', { input: payments })
  expect(() => app.sink('fraud', own.merge(other), book)).toThrow(
    'Sink "fraud" reads source "payments" of another graph: declare both with the same tidemark()',
  )
})

test('one output does not come twice', () => {
  const app = newApp()
  const cards = cardsOf(app)
  const twice = cards.filter(({ time }) => time > 1).merge(cards.map((payment) => payment))
  expect(() => app.sink('fraud', twice, book)).toThrow(
    'Sink "fraud" receives the outputs of stage "cards" twice through merge: ' +
      'merge streams of different stages, or put the condition in one map',
  )
  expect(() => app.stage('more', { input: twice.keyBy(card), behavior: (events) => events })).toThrow(
    'Stage "more" receives the outputs of stage "cards" twice through merge',
  )
  const rejected = cards.side(late)
  expect(() => app.sink('late', rejected.merge(rejected), book)).toThrow(
    'Sink "late" receives side output "late" of stage "cards" twice through merge',
  )
  app.sink('both', cards.merge(rejected), book)
})

test('only sinks read what the whole graph rejects', () => {
  const app = newApp()
  const input = app.rejected.map(({ arrival }) => ({ time: arrival })).keyBy(() => 'all')
  expect(() => app.stage('audit', { input, behavior: (events) => events })).toThrow(
    'Stage "audit" reads app.rejected, which includes what it rejects itself: ' +
      'read .side(late) or .side(dead) of other stages',
  )
})

test('the clock of a stage is one clock', () => {
  const app = newApp()
  const clock = secondClock()
  const one = app.source('one', { input: payments, clock })
  const two = app.source('two', { input: payments, clock })
  const three = app.source('three', { input: payments, clock: secondClock() })
  app.stage('same', { input: one.merge(two).keyBy(card), behavior: (events) => events })
  expect(() =>
    app.stage('cards', { input: one.merge(three).keyBy(card), behavior: (events) => events }),
  ).toThrow('Stage "cards" reads source "one" and source "three", which have different clocks')
})

test('the whole graph is declared before it runs, and runs once', async () => {
  const app = newApp()
  const cards = cardsOf(app)
  const running = app.run()
  const input = cards.keyBy(card)
  expect(() => app.stage('more', { input, behavior: (events) => events })).toThrow(
    'Stage "more" is declared after app.run(): declare the whole graph first',
  )
  expect(() => app.source('more', { input: payments })).toThrow('Source "more" is declared after app.run()')
  expect(() => app.sink('more', cards, book)).toThrow('Sink "more" is declared after app.run()')
  expect(() => cards.observe()).toThrow('call observe() before it')
  expect(() => app.run()).toThrow('app.run() is called twice')
  await running
})

test('a store is run by one graph at a time', async () => {
  const store = openStore()
  const running = tidemark({ store }).run()
  await running
  const first = tidemark({ store })
  first.source('payments', { input: payments })
  const one = first.run()
  await expect(tidemark({ store }).run()).rejects.toThrow('The store is in use by another graph')
  await one
})

test('two steps of a stage have two names', () => {
  const app = newApp()
  const input = app.source('payments', { input: payments, clock: secondClock() }).keyBy(card)
  const twice: Behavior<Payment, number> = (events, actor) =>
    events.pipe(
      actor.durable('count', counter()),
      map((time) => ({ time })),
      actor.durable('count', counter()),
    )
  expect(() => app.stage('cards', { input, behavior: twice })).toThrow(
    'Two steps of stage "cards" are named "count": give each a unique name, and share() a chain with two subscribers',
  )
  expect(() =>
    app.stage('cards', { input, behavior: (events, actor) => events.pipe(actor.durable('time', counter())) }),
  ).toThrow('Two steps of stage "cards" are named "time"')
})

test('a step with timers in event time has a clock', () => {
  const app = newApp()
  const clicks = app.source('clicks', { input: payments })
  const minuteCounts: Behavior<Payment, Timed> = (events, actor) =>
    events.pipe(
      actor.durable('minutes', window(tumbling(minutes(1)), count())),
      map(({ time }) => ({ time })),
    )
  expect(() => app.stage('articles', { input: clicks.keyBy(card), behavior: minuteCounts })).toThrow(
    'Step "minutes" of stage "articles" depends on event time, but source "clicks" has no clock: ' +
      'give it clock: actorClock(…)',
  )
  const cards = cardsOf(app)
  expect(() => app.stage('articles', { input: cards.keyBy(card), behavior: minuteCounts })).toThrow(
    'but stage "cards" gives its outputs no clock: give it outputClock: actorClock(…)',
  )
  const [input, outputClock] = [clicks.keyBy(card), secondClock()]
  const timed = app.stage('timed', { input, behavior: (events) => events, outputClock })
  app.stage('articles', { input: timed.keyBy(card), behavior: minuteCounts })
  app.stage('own clock', {
    input,
    behavior: (events, actor) =>
      minuteCounts(
        events.pipe(
          actor.durable('clock', secondClock().processor),
          map((event) => event as Payment),
        ),
        actor,
      ),
  })
})

test('a behavior reads its key in operators', async () => {
  const app = newApp()
  const input = app.source('payments', { input: payments }).keyBy(card)
  const atOnce: Behavior<Payment, string> = (events, { key }) => events.pipe(map(() => key))
  expect(() => app.stage('cards', { input, behavior: atOnce })).toThrow(
    'actor.key is not available while the behavior of stage "cards" is called: ' +
      'read it in an operator, or turn.key in a processor',
  )
})
