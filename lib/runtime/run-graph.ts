import { type Subscriber, Subscription } from 'rxjs'
import { checkNumbers } from '../actors/check-numbers.ts'
import { defaultPace, type Pace } from '../actors/commit/pace.ts'
import type { ReplayProgress } from '../actors/commit/replay.ts'
import { sessionOf } from '../actors/session.ts'
import type { Store } from '../state/store.ts'
import type { Duration } from '../time/duration.ts'
import type { WallClock } from '../time/wall-clock.ts'
import type { Graph } from './graph.ts'
import { actorSilence, RunningParts, type RunningSource, ticksPerSecond } from './running-parts.ts'
import { unreadOutputs } from './unread-outputs.ts'

export interface RunGraphOptions {
  readonly graph: Graph
  readonly store: Store
  readonly report: (line: string) => void
  readonly onReplay: (progress: ReplayProgress) => void
  readonly pace: Partial<Pace>
  readonly clock: WallClock
  readonly signal: AbortSignal | undefined
  readonly drainFor: Duration
}

const inUse = new WeakSet<Store>()

/**
 * Runs a graph for `subscriber`, which completes when all sources have ended and everything is delivered.
 * Its teardown ends all that was started.
 */
export function runGraph(options: RunGraphOptions, subscriber: Subscriber<never>): void {
  const { graph, store, clock, report, onReplay, signal, drainFor } = options
  const numbers = { ticksPerSecond, ...actorSilence, pace: { ...defaultPace, ...options.pace } }
  for (const { resident } of graph.stages) checkNumbers({ resident, ...numbers })
  if (inUse.has(store)) throw new Error('The store is in use by another graph: run one graph for each store')
  inUse.add(store)
  subscriber.add(() => inUse.delete(store))
  const session = sessionOf(store, clock, options.pace)
  const fail = (reason: Error): void => subscriber.error(reason)
  const isRunning = (): boolean => !subscriber.closed

  // What stands for the graph itself: also one without stages replays its journal and learns of failures.
  const participant = { name: '', replay: () => {}, showProgress: onReplay, fail }
  const isSetUp = session.join(participant)
  subscriber.add(() => session.leave(participant))
  const atEnd = (stop: () => void): void => subscriber.add(stop)
  const parts = { graph, session, report, isRunning, fail, atEnd }
  const { sinks, stages, sources } = new RunningParts(parts)
  for (const line of unreadOutputs(graph)) report(line)

  const delivered = Promise.all(sinks.map(({ relay }) => relay.run()))
  delivered.catch(fail)
  for (const stage of stages) stage.start(() => stage.begin())
  isSetUp()
  const { entries } = session.replay
  session.replayed.then(() => onReplay({ entries, replayed: entries })).catch(fail)

  const subscriptions = new Subscription()
  subscriber.add(subscriptions)
  const ended = sources.map((source) => read(source, subscriptions, fail))
  if (signal) {
    const stop = (): void => {
      subscriptions.unsubscribe()
      subscriber.add(clock.after(drainFor, () => subscriber.complete()))
    }
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    subscriber.add(() => signal.removeEventListener('abort', stop))
  }

  const finish = async (): Promise<void> => {
    await Promise.all(ended)
    for (const stage of stages) stage.end()
    for (const { source } of sources) await source.taken()
    // In this order: an answer of one stage may be a question of the next. They are saved when not awaited.
    if (!signal?.aborted) for (const stage of stages) await stage.answered()
    if (isRunning()) await session.settle()
    for (const { relay } of sinks) relay.drain()
    await delivered
    subscriber.complete()
  }
  finish().catch(fail)
}

/** Reads a source. Resolves when it has ended or `subscriptions` is unsubscribed. */
const read = (
  { deliveries, take }: RunningSource,
  subscriptions: Subscription,
  fail: (reason: Error) => void,
): Promise<void> =>
  new Promise((resolve) => {
    subscriptions.add(resolve)
    subscriptions.add(deliveries.subscribe({ next: take, error: fail, complete: resolve }))
  })
