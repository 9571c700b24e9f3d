import type { Observable, OperatorFunction } from 'rxjs'
import type { Delivery, Duration, Pace, ReplayProgress, Store, Timed, WallClock } from '../../../lib/index.ts'
import type { ActorContext } from './behavior.ts'
import type { Clock, ClockScope, ScopeBehind } from './clocks.ts'
import type { Explanation } from './explanation.ts'
import type { Broadcast } from './processor.ts'
import type { Destination } from './sinks.ts'
import type { EventOf, InboxOf, ScopeOf, StageInput, Wired } from './stage-input.ts'
import type { Rejected, Source, Stage, Stream } from './streams.ts'

/** A graph of sources, stages and sinks over one store. */
export declare function tidemark(options: TidemarkOptions): Tidemark

export interface TidemarkOptions {
  readonly store: Store
  /** Called with warnings about the graph and notices for an operator, one line each. */
  readonly report?: (line: string) => void
  /** Called about once a second while the journal of an earlier process is replayed, and at the end. */
  readonly onReplay?: (progress: ReplayProgress) => void
  /** How often and how much is written. */
  readonly pace?: Partial<Pace>
  readonly wallClock?: WallClock
}

/** All of a graph is declared, under names that are recovery keys, before `run`. */
export interface Tidemark {
  /**
   * Any number of stages may read a source. A delivery is acknowledged once, after the flush of the commit
   * that holds the turns of all of them.
   */
  source<T, Scope extends ClockScope = 'none'>(
    name: string,
    options: SourceOptions<T, Scope> & TimeNeeded<T>,
  ): Source<Stamped<T>, Scope>

  /**
   * One actor for each key of the input. The outputs of a turn are in the commit of the event that caused it.
   */
  stage<Input extends StageInput | Stream<unknown>, Out, Given extends ClockScope = 'none'>(
    name: string,
    options: StageOptions<Input, Out, Given>,
  ): Stage<EventOf<Input>, Out, ScopeBehind<ScopeOf<Input>, Given>>

  /** Delivers a stream to a destination. A stream may have several sinks. */
  sink<T>(name: string, stream: Stream<T>, destination: Destination<NoInfer<T>>): void

  /** Gives a broadcast value its versions. Sources start when every value has one. */
  broadcast<Value>(value: Broadcast<Value>, versions: Observable<Value>): void

  /** What any source, stage or sink of the graph rejects. Only sinks can read it. */
  readonly rejected: Stream<Rejected<unknown>, 'none'>

  /**
   * Starts sinks, then stages, then sources. Resolves when every source has ended, except those that are read
   * as references only, or when `signal` has aborted, and then all accepted events are saved and their
   * outputs delivered, or `drainFor` (3 seconds unless given) has passed. Rejects when a source fails or the
   * store cannot be written.
   */
  run(options?: { readonly signal?: AbortSignal; readonly drainFor?: Duration }): Promise<void>

  /** Why an actor has not emitted: its time, what holds it back, and what is pending. */
  explain(stage: Stage<unknown, unknown>, key: string): Promise<Explanation>
}

/** An iterable is pulled. An Observable of deliveries is limited by its own unacknowledged deliveries. */
export type SourceInput<T> = Observable<Delivery<T>> | Iterable<T> | AsyncIterable<T> | Replayable<T>

/** An input that can start at any offset. The offset is in the commit, so that no event counts twice. */
export interface Replayable<T> {
  readonly from: (offset: number) => Iterable<T> | AsyncIterable<T>
}

export declare function replayable<T>(from: Replayable<T>['from']): Replayable<T>

/** Makes the values of an Observable deliveries. Errors when more than `capacity` wait for their commit. */
export declare function asDeliveries<T>(options: {
  readonly capacity: number
}): OperatorFunction<T, Delivery<T>>

export interface SourceOptions<T, Scope extends ClockScope> {
  readonly input: SourceInput<T>
  /** Event time in epoch milliseconds. It becomes the `time` of the event. */
  readonly time?: (event: T) => number
  /** Without a clock, stages that read this source cannot have steps that depend on event time. */
  readonly clock?: Clock<Scope>
  /** Whether windows and sessions close when the input ends. True for iterables unless given. */
  readonly bounded?: boolean
  /** How far this source may be ahead of the others of its stages in event time. Only for pulled inputs. */
  readonly maxDrift?: Duration
}

/** Events without a `time` of their own need the option of that name. */
type TimeNeeded<T> = T extends Timed ? unknown : Required<Pick<SourceOptions<T, ClockScope>, 'time'>>

/** An event with the time that its source found for it. */
export type Stamped<T> = T extends Timed
  ? T
  : T extends { readonly time: unknown }
    ? Omit<T, 'time'> & Timed
    : T & Timed

export interface StageOptions<Input, Out, Given extends ClockScope> {
  /** A keyed stream, or several under names that the journal records. */
  readonly input: Input & Wired<Input>
  /** The chain of an actor, a `Behavior`. Several inputs are Observables under their names. */
  readonly behavior: (inbox: InboxOf<Input>, actor: ActorContext) => Observable<Out>
  /** Raise it with every change that makes the behavior give other results. 1 unless given. */
  readonly version?: number
  /** Actors in memory, 50,000 unless given. The others are on disk. */
  readonly resident?: number
  /** Listening time without events after which an actor and its state are deleted. Never unless given. */
  readonly timeToLive?: Duration
  /** Clock of the outputs. Outputs of a stage with a shared clock follow that clock. */
  readonly outputClock?: 'shared' extends ScopeOf<Input> ? never : Clock<Given>
}
