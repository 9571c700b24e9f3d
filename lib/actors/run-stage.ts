import type { Observable, Subscriber } from 'rxjs'
import { checkName } from '../time/check-key.ts'
import { days, minutes } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import { systemClock } from '../time/wall-clock.ts'
import { Actor } from './actor.ts'
import type { ActorsOptions } from './actors-options.ts'
import type { Behavior } from './behavior.ts'
import { checkBehaviorVersion } from './behavior-version.ts'
import { checkNumbers } from './check-numbers.ts'
import { checkPace, defaultPace } from './commit/pace.ts'
import type { Delivery } from './delivery.ts'
import type { Answered } from './lookups/lookup.ts'
import { LookupStep } from './lookups/lookup-step.ts'
import { Lookups } from './lookups/lookups.ts'
import { searchPending } from './lookups/search-pending.ts'
import type { Outcome } from './outcome.ts'
import { Listening } from './residents/listening.ts'
import { Residents } from './residents/residents.ts'
import { watchSilence } from './residents/silence.ts'
import { sessionOf } from './session.ts'
import { Stage } from './stage.ts'
import type { Step } from './steps/step.ts'
import { followValues } from './values/follow-values.ts'
import { StageValues } from './values/stage-values.ts'

/**
 * Runs a stage for `subscriber`, which is all that ends it, and whose teardown ends all that it started.
 */
export function runStage<In extends Timed, Out>(
  options: ActorsOptions<In, Out>,
  source: Observable<Delivery<In> | Outcome<In>>,
  subscriber: Subscriber<Outcome<Out>>,
): void {
  const { store, name = 'actors', version = 1, clock = systemClock } = options
  const { resident: limit = 50_000, ticksPerSecond = 5_000 } = options
  const { idleAfter = minutes(1), closeAfter = days(1), onReplay = () => {} } = options
  const times = { idleAfter, closeAfter }
  checkName('stage', name)
  checkNumbers({ resident: limit, ticksPerSecond, ...times, pace: { ...defaultPace, ...options.pace } })
  const behavior = options.behavior as Behavior<Timed, unknown>
  const session = sessionOf(store, clock, options.pace)
  checkPace(name, options.pace, session.pace)
  const fail = (reason: Error): void => subscriber.error(reason)
  const sources = options.values ?? {}
  const values = new StageValues(name, Object.keys(sources), session)
  const { steps } = sampleOf(behavior, values)
  checkBehaviorVersion(session, name, { version, steps, values: values.names })
  const lookups = new Lookups({ names: lookupsAmong(steps), clock, take: giveAnswer })
  const residents = new Residents({
    stage: name,
    behavior,
    session,
    limit,
    times,
    onMisuse: fail,
    values,
    onWake(resident) {
      listening.include(resident)
      lookups.ask(resident.key, resident.actor.questions())
    },
  })
  const listening = new Listening(clock, residents.order)
  const stage = new Stage({
    name,
    keyOf: options.key as (event: Timed) => string,
    session,
    residents,
    lookups,
    clock,
    emit: (outcome) => subscriber.next(outcome as Outcome<Out>),
    isTaken: () => !subscriber.closed,
    fail,
    onReplay,
  })
  function giveAnswer(key: string, answered: Answered): void {
    try {
      stage.answer(key, answered)
    } catch (error) {
      fail(error as Error)
    }
  }
  let isTaking = false
  const settle = async (): Promise<void> => {
    await stage.taken()
    await lookups.idle()
    if (!subscriber.closed) await session.settle()
  }
  const begin = (): void => {
    if (subscriber.closed) return
    isTaking = true
    listening.begin()
    subscriber.add(
      source.subscribe({
        next: (arriving) => stage.take(arriving),
        error: fail,
        complete: () => {
          isTaking = false
          void settle().then(() => subscriber.complete(), fail)
        },
      }),
    )
    isSetUp()
    session.replayed
      .then(() => {
        const { entries } = session.replay
        if (!subscriber.closed) onReplay({ entries, replayed: entries })
        for (const resident of residents.all()) listening.include(resident)
        return lookups.keepSearching(() => searchPending({ stage: name, store, clock, residents, lookups }))
      })
      .catch(fail)
  }
  const isSetUp = session.join(stage)
  subscriber.add(() => session.leave(stage))
  subscriber.add(() => stage.close())
  subscriber.add(() => lookups.stop())
  subscriber.add(
    watchSilence({
      times,
      ticksPerSecond,
      clock,
      residents,
      listening,
      isPaused: () => !isTaking || session.isReplaying,
      tick: (resident, kind, arrival) => stage.tick(resident, kind, arrival),
      fail,
    }),
  )
  subscriber.add(followValues({ values, sources, clock, begin, fail }))
}

/** Building an actor, without giving it anything, tells which steps a behavior has. */
function sampleOf(behavior: Behavior<Timed, unknown>, values: StageValues): Actor {
  const actor = new Actor('version', behavior, () => {}, values)
  actor.stop()
  return actor
}

const lookupsAmong = (steps: readonly Step[]): ReadonlySet<string> =>
  new Set(steps.filter((step) => step instanceof LookupStep).map(({ name }) => name))
