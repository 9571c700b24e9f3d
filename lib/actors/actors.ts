import { Observable, type OperatorFunction } from 'rxjs'
import type { Store } from '../state/store.ts'
import { type Duration, days, minutes } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import { systemClock, type WallClock } from '../time/wall-clock.ts'
import { Actor } from './actor.ts'
import type { Behavior } from './behavior.ts'
import { checkBehaviorVersion } from './behavior-version.ts'
import { checkName } from './check-key.ts'
import { checkNumbers } from './check-numbers.ts'
import { defaultPace, type Pace } from './commit/pace.ts'
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

export interface ActorsOptions<In extends Timed, Out> {
  /** Names the actor an event belongs to: 1 to 256 characters. */
  readonly key: (event: In) => string
  readonly behavior: Behavior<In, Out>
  readonly store: Store
  /**
   * What all actors of the stage read and what changes now and then, by name: rules, thresholds, a model;
   * Flink's broadcast state. Every turn reads the version in force at its place in the journal, also when it
   * is replayed. The last version survives a restart; until each has one, the source is not subscribed to.
   * Plain data. A behavior reads it with `actor.value(name)`.
   */
  readonly values?: Readonly<Record<string, Observable<unknown>>>
  /** Name of this stage, the recovery key of all its state. 'actors' unless given. */
  readonly name?: string
  /** To be raised with every change that makes the behavior give other results. 1 unless given. */
  readonly version?: number
  /** Actors in memory at the most, 50,000 unless given. The others sleep on disk. */
  readonly resident?: number
  /** Silence in wall time after which what is pending gives provisional results, 1 minute unless given. */
  readonly idleAfter?: Duration
  /** Silence after which what is pending gives its final results, 24 hours unless given. */
  readonly closeAfter?: Duration
  /** Silent actors ticked in one second at the most, those asleep included; 5,000 unless given. */
  readonly ticksPerSecond?: number
  readonly clock?: WallClock
  readonly pace?: Partial<Pace>
}

/**
 * One actor for each key: every event is a turn of its actor, journaled with its outputs in one transaction
 * and acknowledged when that is flushed. State survives crashes; outputs are neither lost nor doubled.
 *
 * Emits an `Outcome` for each turn that put something out, inside the turn's transaction: only synchronous
 * operators may follow up to the sink. When the source completes, answers that lookups wait for are awaited
 * and everything is saved before completing.
 * Errors when the store can no longer be written.
 */
export const actors =
  <In extends Timed, Out>(
    options: ActorsOptions<In, Out>,
  ): OperatorFunction<Delivery<In> | Outcome<In>, Outcome<Out>> =>
  (source) =>
    new Observable((subscriber) => {
      const { store, name = 'actors', version = 1, clock = systemClock } = options
      const { resident: limit = 50_000, ticksPerSecond = 5_000 } = options
      const { idleAfter = minutes(1), closeAfter = days(1) } = options
      const times = { idleAfter, closeAfter }
      const pace = { ...defaultPace, ...options.pace }
      checkName('stage', name)
      checkNumbers({ resident: limit, ticksPerSecond, ...times, pace })
      const behavior = options.behavior as Behavior<Timed, unknown>
      const session = sessionOf(store, clock, pace)
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
        fail,
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
            for (const resident of residents.all()) listening.include(resident)
            return lookups.keepSearching(() =>
              searchPending({ stage: name, store, clock, residents, lookups }),
            )
          })
          .catch(fail)
      }
      const isSetUp = session.join(stage)
      subscriber.add(() => session.leave(stage))
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
    })

/** Building an actor, without giving it anything, tells which steps a behavior has. */
function sampleOf(behavior: Behavior<Timed, unknown>, values: StageValues): Actor {
  const actor = new Actor('version', behavior, () => {}, values)
  actor.stop()
  return actor
}

const lookupsAmong = (steps: readonly Step[]): ReadonlySet<string> =>
  new Set(steps.filter((step) => step instanceof LookupStep).map(({ name }) => name))
