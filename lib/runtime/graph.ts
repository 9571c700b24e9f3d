import type { Subject } from 'rxjs'
import type { Behavior } from '../actors/behavior.ts'
import type { Timed } from '../time/timed.ts'
import type { Destination } from './destination.ts'
import { type Part, Port, type Ports } from './port.ts'
import type { Route } from './route.ts'
import type { SourceInput } from './source-input.ts'

export interface SourceNode {
  readonly part: Part
  readonly ports: Ports
  readonly input: SourceInput<object>
  readonly time: ((event: object) => number) | undefined
}

export interface StageNode {
  readonly part: Part
  readonly ports: Ports
  readonly routes: readonly Route[]
  readonly keyOf: (event: Timed) => string
  /** With the step that keeps the actor's clock, if it has one. */
  readonly behavior: Behavior<Timed, unknown>
  readonly version: number
  readonly resident: number
}

export interface SinkNode {
  readonly part: Part
  readonly routes: readonly Route[]
  readonly destination: Destination<unknown>
}

export interface ObserverNode {
  readonly routes: readonly Route[]
  readonly values: Subject<unknown>
}

/** What a program has declared, in the order of its declarations: a stage reads only what is before it. */
export class Graph {
  readonly sources: SourceNode[] = []
  readonly stages: StageNode[] = []
  readonly sinks: SinkNode[] = []
  readonly observers: ObserverNode[] = []
  readonly rejected = new Port(this)
  /** It is complete: nothing can be declared any more. */
  isRun = false

  observe(routes: readonly Route[], values: Subject<unknown>): void {
    if (this.isRun) throw new Error('A stream is observed after app.run(): call observe() before it')
    this.observers.push({ routes, values })
  }
}
