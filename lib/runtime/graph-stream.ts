import { type Observable, Subject } from 'rxjs'
import type { ClockScope } from '../time/clock.ts'
import type { OutputTag } from '../time/output-tag.ts'
import type { Timed } from '../time/timed.ts'
import type { Graph } from './graph.ts'
import type { Ports } from './port.ts'
import type { Route, RouteStep } from './route.ts'
import type { KeyedStream, Stream } from './stream.ts'

/** A stream of a graph: the routes on which its values come. */
export class GraphStream<T> implements Stream<T> {
  readonly graph: Graph
  readonly routes: readonly Route[]
  private readonly observed = new Subject<unknown>()
  private isObserved = false

  constructor(graph: Graph, routes: readonly Route[]) {
    this.graph = graph
    this.routes = routes
  }

  get scope(): ClockScope {
    return this.routes[0]?.port.clock?.scope ?? 'none'
  }

  map<R>(project: (value: T) => R): Stream<R> {
    return this.with({ project: project as (value: unknown) => unknown })
  }

  filter<R extends T>(keep: (value: T) => value is R): Stream<R>
  filter(keep: (value: T) => boolean): Stream<T>
  filter(keep: (value: T) => boolean): Stream<T> {
    return this.with({ keep: keep as (value: unknown) => boolean })
  }

  merge<Others extends readonly Stream<unknown>[]>(...others: Others): Stream<never> {
    const routes = others.flatMap((other) => streamOf(other).routes)
    return new GraphStream(this.graph, [...this.routes, ...routes])
  }

  keyBy<In extends T & Timed>(this: Stream<In>, key: (event: In) => string): KeyedStream<In> {
    return new KeyedGraphStream(this, key)
  }

  observe(): Observable<T> {
    if (!this.isObserved) {
      this.graph.observe(this.routes, this.observed)
      this.isObserved = true
    }
    return this.observed.asObservable() as Observable<T>
  }

  private with<R>(step: RouteStep): GraphStream<R> {
    const routes = this.routes.map(({ port, steps }) => ({ port, steps: [...steps, step] }))
    return new GraphStream(this.graph, routes)
  }
}

/** The main output of a source or a stage, which has side outputs besides. */
export class PartStream<T> extends GraphStream<T> {
  readonly ports: Ports

  constructor(graph: Graph, ports: Ports) {
    super(graph, [{ port: ports.main, steps: [] }])
    this.ports = ports
  }

  side({ name }: OutputTag<unknown>): Stream<never, 'none'> {
    const routes = [{ port: this.ports.addSide(name), steps: [] }]
    return new GraphStream<never>(this.graph, routes) as Stream<never, 'none'>
  }
}

/** A stream with the key of each value. */
export class KeyedGraphStream<In extends Timed> implements KeyedStream<In> {
  readonly keyed: Stream<In>
  readonly key: (event: Timed) => string

  constructor(keyed: Stream<In>, key: (event: In) => string) {
    this.keyed = keyed
    this.key = key as (event: Timed) => string
  }
}

/** Every stream is made by a graph. */
export const streamOf = (stream: Stream<unknown>): GraphStream<unknown> => stream as GraphStream<unknown>
