import type { Outcome } from '../actors/outcome.ts'
import type { Clock } from '../time/clock.ts'
import type { Graph } from './graph.ts'
import type { RouteStep } from './route.ts'

/** A part of the graph. */
export interface Part {
  readonly kind: 'source' | 'stage' | 'sink'
  readonly name: string
}

/** As messages name it: `stage "cards"`. */
export const partText = ({ kind, name }: Part): string => `${kind} "${name}"`

/** Identifies an output on its way to its readers. */
export interface OutputId {
  /** The turn that it belongs to. */
  readonly outcome: Outcome<unknown>
  /** Its number among the outputs of that turn. */
  readonly number: number
  /** Makes it a dead letter of `part`, which cannot take it. */
  reject(part: Part, reason: string): void
}

/** Reads outputs: a stage, a sink or an observer. */
export interface OutputReader {
  /** Whether it can read nothing that has no id. */
  readonly needsId: boolean
  /**
   * Takes a value, after the steps of its route, into the open commit. A value of a source that no sink reads
   * has no id.
   */
  read(steps: readonly RouteStep[], value: unknown, arrival: number, id: OutputId | undefined): void
  /** Called after the last of the values that belong together. */
  end(): void
}

export interface Connection {
  readonly steps: readonly RouteStep[]
  readonly reader: OutputReader
}

/** Where outputs of one kind leave a source or a stage, or where all rejected values leave the graph. */
export class Port {
  readonly graph: Graph
  /** Undefined for the rejected values of the graph. */
  readonly part: Part | undefined
  /** Name of the side output, empty for the main output. */
  readonly tag: string
  readonly clock: Clock | undefined
  readonly connections: Connection[] = []

  constructor(graph: Graph, part?: Part, tag = '', clock?: Clock) {
    this.graph = graph
    this.part = part
    this.tag = tag
    this.clock = clock
  }
}

/** The ports of a source or a stage. */
export class Ports {
  readonly part: Part
  readonly main: Port
  private readonly sides = new Map<string, Port>()

  constructor(graph: Graph, part: Part, clock: Clock | undefined) {
    this.part = part
    this.main = new Port(graph, part, '', clock)
  }

  /** The port of the side output `tag`. Only those that the graph reads exist. */
  side(tag: string): Port | undefined {
    return this.sides.get(tag)
  }

  /** The port of the side output `tag`, added if the graph has not read it yet. */
  addSide(tag: string): Port {
    const port = this.sides.get(tag) ?? new Port(this.main.graph, this.part, tag)
    this.sides.set(tag, port)
    return port
  }
}
