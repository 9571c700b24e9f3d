import { Observable } from 'rxjs'
import type { Behavior } from '../actors/behavior.ts'
import type { Pace } from '../actors/commit/pace.ts'
import type { ReplayProgress } from '../actors/commit/replay.ts'
import { whenLeft } from '../actors/session.ts'
import type { Store } from '../state/store.ts'
import type { Clock, ClockScope } from '../time/clock.ts'
import { type Duration, seconds } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import { systemClock, type WallClock } from '../time/wall-clock.ts'
import { behindClock } from './behind-clock.ts'
import { checkInput, checkPart, checkSteps, clockOf } from './check-wiring.ts'
import { declaredSteps } from './declared-steps.ts'
import type { Destination } from './destination.ts'
import { Graph } from './graph.ts'
import { GraphStream, type KeyedGraphStream, PartStream, streamOf } from './graph-stream.ts'
import { type Part, Ports } from './port.ts'
import { runGraph } from './run-graph.ts'
import type { SourceInput } from './source-input.ts'
import type { KeyedStream, Rejected, Source, Stage, Stream } from './stream.ts'

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

export interface SourceOptions<T, Scope extends ClockScope> {
  readonly input: SourceInput<T>
  /** Event time in epoch milliseconds. It becomes the `time` of the event. */
  readonly time?: (event: T) => number
  /** How event time passes for the stages that read this source. */
  readonly clock?: Clock<Scope>
}

/** Events without a `time` of their own need the option of that name. */
export type TimeNeeded<T> = T extends Timed ? unknown : Required<Pick<SourceOptions<T, ClockScope>, 'time'>>

/** An event with the time that its source found for it. */
export type Stamped<T> = T extends Timed
  ? T
  : T extends { readonly time: unknown }
    ? Omit<T, 'time'> & Timed
    : T & Timed

export interface StageOptions<
  In extends Timed,
  Out,
  Scope extends ClockScope,
  OutputScope extends ClockScope,
> {
  readonly input: KeyedStream<In, Scope>
  /** The chain of an actor. */
  readonly behavior: Behavior<In, Out>
  /** Raise it with every change that makes the behavior give other results. 1 unless given. */
  readonly version?: number
  /** Actors in memory, 50,000 unless given. The others are on disk. */
  readonly resident?: number
  /** How event time passes for the stages that read the outputs. */
  readonly outputClock?: Clock<OutputScope>
}

export interface RunOptions {
  readonly signal?: AbortSignal
  /** How long to go on after `signal` for what is accepted and not delivered. 3 seconds unless given. */
  readonly drainFor?: Duration
}

/** All of a graph is declared, under names that are recovery keys, before `run`. */
export interface Tidemark {
  /**
   * Any number of stages may read a source. A delivery is acknowledged once, after the flush of the commit
   * that holds the turns of all of them. An iterable that is fed again after a crash counts again; a
   * `replayable` goes on from where it was.
   */
  source<T extends object, Scope extends ClockScope = 'none'>(
    name: string,
    options: SourceOptions<T, Scope> & TimeNeeded<T>,
  ): Source<Stamped<T>, Scope>

  /**
   * One actor for each key of the input. The outputs of a turn are in the commit of the event that caused it.
   */
  stage<In extends Timed, Out, Scope extends ClockScope, OutputScope extends ClockScope = 'none'>(
    name: string,
    options: StageOptions<In, Out, Scope, OutputScope>,
  ): Stage<In, Out, OutputScope>

  /** Delivers a stream to a destination. A stream may have several sinks. */
  sink<T>(name: string, stream: Stream<T>, destination: Destination<NoInfer<T>>): void

  /** What any source, stage or sink of the graph rejects. Only sinks can read it. */
  readonly rejected: Stream<Rejected<unknown>, 'none'>

  /**
   * Starts sinks, then stages, then sources. Resolves when every source has ended, all accepted events are
   * saved and their outputs delivered; or after `signal` has aborted, when that is so or `drainFor` has
   * passed. What is not delivered then stays in the store for the next run. Rejects when a source fails or
   * the store cannot be written.
   */
  run(options?: RunOptions): Promise<void>
}

/** A graph of sources, stages and sinks over one store. */
export const tidemark = (options: TidemarkOptions): Tidemark => new DeclaredGraph(options)

class DeclaredGraph implements Tidemark {
  readonly rejected: Stream<Rejected<unknown>, 'none'>
  private readonly options: TidemarkOptions
  private readonly graph = new Graph()

  constructor(options: TidemarkOptions) {
    this.options = options
    const routes = [{ port: this.graph.rejected, steps: [] }]
    this.rejected = new GraphStream(this.graph, routes) as unknown as Stream<Rejected<unknown>, 'none'>
  }

  source<T extends object, Scope extends ClockScope>(
    name: string,
    { input, time, clock }: SourceOptions<T, Scope>,
  ): Source<Stamped<T>, Scope> {
    const { graph } = this
    const part: Part = { kind: 'source', name }
    checkPart(graph, part, graph.sources)
    const ports = new Ports(graph, part, clock)
    graph.sources.push({ part, ports, input, time: time as ((event: object) => number) | undefined })
    return new PartStream(graph, ports) as unknown as Source<Stamped<T>, Scope>
  }

  stage<In extends Timed, Out, Scope extends ClockScope, OutputScope extends ClockScope>(
    name: string,
    options: StageOptions<In, Out, Scope, OutputScope>,
  ): Stage<In, Out, OutputScope> {
    const { graph } = this
    const { input, version = 1, resident = 50_000, outputClock } = options
    const { keyed, key: keyOf } = input as unknown as KeyedGraphStream<Timed>
    const part: Part = { kind: 'stage', name }
    checkPart(graph, part, graph.stages)
    const stream = streamOf(keyed)
    checkInput(graph, part, stream)
    const { routes } = stream
    const clock = clockOf(part, routes)
    const ports = new Ports(graph, part, outputClock)
    const declared = options.behavior as unknown as Behavior<Timed, unknown>
    const behavior = clock ? behindClock(clock, declared) : declared
    checkSteps(part, declaredSteps(part, behavior), routes)
    graph.stages.push({ part, ports, routes, keyOf, behavior, version, resident })
    return new PartStream(graph, ports) as unknown as Stage<In, Out, OutputScope>
  }

  sink<T>(name: string, stream: Stream<T>, destination: Destination<NoInfer<T>>): void {
    const { graph } = this
    const part: Part = { kind: 'sink', name }
    checkPart(graph, part, graph.sinks)
    checkInput(graph, part, streamOf(stream))
    const { routes } = streamOf(stream)
    graph.sinks.push({ part, routes, destination: destination as unknown as Destination<unknown> })
  }

  run({ signal, drainFor = seconds(3) }: RunOptions = {}): Promise<void> {
    const { graph } = this
    const { store, report = () => {}, onReplay = () => {}, pace = {}, wallClock = systemClock } = this.options
    if (graph.isRun) throw new Error('app.run() is called twice: declare a new graph with tidemark()')
    graph.isRun = true
    const running = { graph, store, report, onReplay, pace, clock: wallClock, signal, drainFor }
    return new Promise((resolve, reject) => {
      new Observable<never>((subscriber) =>
        whenLeft(store, subscriber, () => runGraph(running, subscriber)),
      ).subscribe({ complete: resolve, error: reject })
    })
  }
}
