import type { Observable } from 'rxjs'
import type { Timed } from '../time/timed.ts'
import type { WallClock } from '../time/wall-clock.ts'
import { Actor } from './actor.ts'
import type { Behavior } from './behavior.ts'
import { checkBehaviorVersion } from './behavior-version.ts'
import type { ReplayProgress } from './commit/replay.ts'
import type { Emission } from './emission.ts'
import type { Answered } from './lookups/lookup.ts'
import { LookupStep } from './lookups/lookup-step.ts'
import { Lookups } from './lookups/lookups.ts'
import { searchPending } from './lookups/search-pending.ts'
import { Listening } from './residents/listening.ts'
import { Residents } from './residents/residents.ts'
import { watchSilence } from './residents/silence.ts'
import type { SilenceTimes } from './residents/silence-times.ts'
import type { Session } from './session.ts'
import { Stage } from './stage.ts'
import type { Step } from './steps/step.ts'
import { followValues } from './values/follow-values.ts'
import { StageValues } from './values/stage-values.ts'

export interface RunningStageOptions {
  readonly name: string
  readonly version: number
  readonly keyOf: (event: Timed) => string
  readonly behavior: Behavior<Timed, unknown>
  readonly session: Session
  readonly emission: Emission
  /** Actors in memory at the most. */
  readonly limit: number
  readonly times: SilenceTimes
  readonly ticksPerSecond: number
  /** The versions of each value that the actors read. */
  readonly values: Readonly<Record<string, Observable<unknown>>>
  readonly clock: WallClock
  readonly onReplay: (progress: ReplayProgress) => void
  /** Called when the stage cannot go on. */
  readonly fail: (reason: Error) => void
}

/** A stage with all that belongs to it, from when it joins its session until it is closed. */
export class RunningStage {
  readonly stage: Stage
  private readonly options: RunningStageOptions
  private readonly values: StageValues
  private readonly lookups: Lookups
  private readonly residents: Residents
  private readonly listening: Listening
  private readonly isSetUp: () => void
  private readonly stopSilence: () => void
  private stopValues: () => void = () => {}
  private isRead = false
  private isClosed = false

  /** Throws when the journal was left by another version of the behavior, or the name is in use. */
  constructor(options: RunningStageOptions) {
    this.options = options
    const { name, version, behavior, session, limit, times, ticksPerSecond, clock, fail } = options
    this.values = new StageValues(name, Object.keys(options.values), session)
    const { steps } = sampleOf(behavior, this.values)
    checkBehaviorVersion(session, name, { version, steps, values: this.values.names })
    this.lookups = new Lookups({
      names: lookupsAmong(steps),
      clock,
      take: (key, answered) => this.answer(key, answered),
    })
    this.residents = new Residents({
      stage: name,
      behavior,
      session,
      limit,
      times,
      onMisuse: fail,
      values: this.values,
      onWake: (resident) => {
        this.listening.include(resident)
        this.lookups.ask(resident.key, resident.actor.questions())
      },
    })
    this.listening = new Listening(clock, this.residents.order)
    const { residents, lookups, listening } = this
    this.stage = new Stage({ ...options, residents, lookups })
    this.isSetUp = session.join(this.stage)
    this.stopSilence = watchSilence({
      times,
      ticksPerSecond,
      clock,
      residents,
      listening,
      isPaused: () => !this.isRead || session.isReplaying,
      tick: (resident, kind, arrival) => this.stage.tick(resident, kind, arrival),
      fail,
    })
  }

  /** Calls `onReady` once every value has a version. */
  start(onReady: () => void): void {
    const { values: sources, clock, fail } = this.options
    const followed = followValues({ values: this.values, sources, clock, begin: onReady, fail })
    this.stopValues = () => followed.unsubscribe()
  }

  /** To be called when sources begin to be read. */
  begin(): void {
    this.isRead = true
    this.listening.begin()
    this.isSetUp()
    const { session, fail } = this.options
    session.replayed.then(() => this.replayed()).catch(fail)
  }

  /** To be called when sources are read no more: nothing is silent from then on. */
  end(): void {
    this.isRead = false
  }

  /** Resolves when every answer that an actor waits for has been taken. */
  answered(): Promise<void> {
    return this.lookups.idle()
  }

  /** Leaves the session. */
  close(): void {
    this.isClosed = true
    this.options.session.leave(this.stage)
    this.lookups.stop()
    this.stopSilence()
    this.stopValues()
  }

  private replayed(): Promise<void> {
    const { options, residents, lookups } = this
    const { name: stage, session, clock } = options
    const { entries } = session.replay
    if (!this.isClosed) options.onReplay({ entries, replayed: entries })
    for (const resident of residents.all()) this.listening.include(resident)
    const search = { stage, store: session.store, clock, residents, lookups }
    return lookups.keepSearching(() => searchPending(search))
  }

  private answer(key: string, answered: Answered): void {
    try {
      this.stage.answer(key, answered)
    } catch (error) {
      this.options.fail(error as Error)
    }
  }
}

/** Building an actor, without giving it anything, tells which steps a behavior has. */
function sampleOf(behavior: Behavior<Timed, unknown>, values: StageValues): Actor {
  const actor = new Actor('version', behavior, () => {}, values)
  actor.stop()
  return actor
}

const lookupsAmong = (steps: readonly Step[]): ReadonlySet<string> =>
  new Set(steps.filter((step) => step instanceof LookupStep).map(({ name }) => name))
