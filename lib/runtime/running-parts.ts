import type { Observable } from 'rxjs'
import type { Delivery } from '../actors/delivery.ts'
import { Emission } from '../actors/emission.ts'
import { RunningStage } from '../actors/running-stage.ts'
import type { Session } from '../actors/session.ts'
import { Source, type SourceReader } from '../actors/sources/source.ts'
import { days, minutes } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import type { Graph, SourceNode, StageNode } from './graph.ts'
import { Observer } from './observer.ts'
import type { Connection, OutputReader } from './port.ts'
import type { Route } from './route.ts'
import { Router } from './router.ts'
import { RunningSink } from './running-sink.ts'
import { deliveriesOf, isReplayable } from './source-input.ts'
import { SourceOffset } from './source-offset.ts'
import { StageReader } from './stage-reader.ts'
import { stamp } from './stamp.ts'

/** Silence after which what is pending in an actor with a clock of its own gives results. */
export const actorSilence = { idleAfter: minutes(1), closeAfter: days(1) }
export const ticksPerSecond = 5_000

export interface PartsOptions {
  readonly graph: Graph
  readonly session: Session
  readonly report: (line: string) => void
  /** Whether the graph is still running. */
  readonly isRunning: () => boolean
  readonly fail: (reason: Error) => void
  /** Has a part stopped when the graph ends, also when a later part cannot be started. */
  readonly atEnd: (stop: () => void) => void
}

/** A source, and the deliveries that it is to be given. */
export interface RunningSource {
  readonly source: Source
  readonly deliveries: Observable<Delivery<object>>
  take(delivery: Delivery<object>): void
}

/** The parts of a graph as they run, connected with each other. */
export class RunningParts {
  readonly sinks: readonly RunningSink[]
  readonly stages: readonly RunningStage[]
  readonly sources: readonly RunningSource[]
  private readonly options: PartsOptions
  private readonly router: Router

  /** Sources come last: each has to know what reads it. */
  constructor(options: PartsOptions) {
    this.options = options
    const { graph, session, report, atEnd } = options
    const { store, clock, commit } = session
    this.router = new Router({ rejected: graph.rejected, giveUp: (reason) => commit.giveUp(reason), report })
    this.sinks = graph.sinks.map((node) => {
      const sink = new RunningSink(node, store, clock, report)
      atEnd(() => sink.relay.stop())
      connect(node.routes, sink)
      return sink
    })
    for (const { routes, values } of graph.observers) connect(routes, new Observer(values, commit, report))
    this.stages = graph.stages.map((node) => this.stageOf(node))
    this.sources = graph.sources.map((node) => this.sourceOf(node))
  }

  private stageOf({ part, ports, routes, keyOf, behavior, version, resident }: StageNode): RunningStage {
    const { session, isRunning, fail, atEnd } = this.options
    const running = new RunningStage({
      name: part.name,
      version,
      keyOf,
      behavior,
      session,
      emission: new Emission(session.commit, (outcome) => this.router.ofStage(ports, outcome), isRunning),
      limit: resident,
      times: actorSilence,
      ticksPerSecond,
      values: {},
      clock: session.clock,
      onReplay: () => {},
      fail,
    })
    atEnd(() => running.close())
    connect(routes, new StageReader(running.stage))
    return running
  }

  private sourceOf({ part, ports, input, time }: SourceNode): RunningSource {
    const { session, isRunning, atEnd } = this.options
    const { connections } = ports.main
    const offset = isReplayable(input)
      ? new SourceOffset(part.name, session.store, session.commit)
      : undefined
    const source = new Source({
      name: part.name,
      session,
      clock: session.clock,
      emission: new Emission(session.commit, (outcome) => this.router.ofSource(ports, outcome), isRunning),
      readers: connections.filter(({ reader }) => !reader.needsId).map(readerOf),
      emitsValues: connections.some(({ reader }) => reader.needsId),
      ...(offset && { onTaken: () => offset.advance() }),
    })
    atEnd(() => source.close())
    return {
      source,
      deliveries: deliveriesOf(input, offset?.value),
      take: (delivery) => source.add(time ? stamp(delivery, time) : (delivery as Delivery<Timed>)),
    }
  }
}

function connect(routes: readonly Route[], reader: OutputReader): void {
  for (const { port, steps } of routes) port.connections.push({ steps, reader })
}

const readerOf = ({ steps, reader }: Connection): SourceReader => ({
  take: (value, arrival) => reader.read(steps, value, arrival, undefined),
  makeRoom: () => reader.end(),
})
