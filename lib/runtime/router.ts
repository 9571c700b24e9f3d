import { inspect } from 'node:util'
import type { Aside } from '../actors/delivery.ts'
import type { Outcome } from '../actors/outcome.ts'
import { encode } from '../state/rows/codec.ts'
import { dead, isBuiltInTag, type RejectedKind } from '../time/output-tag.ts'
import { type Connection, type OutputId, type Part, type Port, type Ports, partText } from './port.ts'
import type { Rejected } from './stream.ts'

export interface RouterOptions {
  /** Where the rejected values of the graph leave it. */
  readonly rejected: Port
  /** Called when outputs cannot be given to their readers, so that their commit must not be written. */
  readonly giveUp: (reason: Error) => void
  readonly report: (line: string) => void
}

/** Gives the outputs of a turn to all that read them, while the commit of the turn is open. */
export class Router {
  private readonly options: RouterOptions

  constructor(options: RouterOptions) {
    this.options = options
  }

  /** Routes what a turn of a stage has emitted. */
  ofStage(ports: Ports, outcome: Outcome<unknown>): void {
    this.route(ports, outcome, ports.main.connections)
  }

  /** Routes a delivery that has an id. Stages have taken it already. */
  ofSource(ports: Ports, outcome: Outcome<unknown>): void {
    const needId = ports.main.connections.filter(({ reader }) => reader.needsId)
    this.route(ports, outcome, needId)
  }

  private route(ports: Ports, outcome: Outcome<unknown>, connections: readonly Connection[]): void {
    const turn = new RoutedTurn(this.options, ports, outcome)
    try {
      for (const [number, value] of outcome.values.entries()) turn.give(connections, number, value)
      for (const [index, aside] of outcome.asides.entries()) {
        turn.aside(outcome.values.length + index, aside)
      }
      for (const { reader } of connections) reader.end()
      if (outcome.asides.length > 0) turn.endSides()
    } catch (error) {
      this.options.giveUp(error as Error)
    }
  }
}

/** One turn on its way to the readers. */
class RoutedTurn {
  private readonly options: RouterOptions
  private readonly ports: Ports
  private readonly outcome: Outcome<unknown>
  /** Numbers that rejected values of the graph have already, and the next free one. */
  private used: Set<number> | undefined
  private free: number

  constructor(options: RouterOptions, ports: Ports, outcome: Outcome<unknown>) {
    this.options = options
    this.ports = ports
    this.outcome = outcome
    this.free = outcome.values.length + outcome.asides.length
  }

  give(connections: readonly Connection[], number: number, value: unknown): void {
    if (connections.length === 0) return
    const { outcome } = this
    const id: OutputId = {
      outcome,
      number,
      reject: (part, reason) => this.rejectedBy(part, number, value, reason),
    }
    for (const { steps, reader } of connections) reader.read(steps, value, outcome.arrival, id)
  }

  aside(number: number, { tag, value, reason }: Aside): void {
    const side = this.ports.side(tag)?.connections ?? []
    if (!isBuiltInTag(tag)) {
      this.give(side, number, value)
      return
    }
    if (side.length === 0 && this.options.rejected.connections.length === 0) return
    const rejected = this.rejected(tag, this.ports.part, value, reason)
    this.give(side, number, rejected)
    this.giveRejected(number, rejected)
  }

  endSides(): void {
    for (const { tag } of this.outcome.asides) {
      for (const { reader } of this.ports.side(tag)?.connections ?? []) reader.end()
    }
  }

  /** An output that a sink cannot take. It has the id of the output, unless another sink has rejected it. */
  private rejectedBy(part: Part, number: number, value: unknown, reason: string): void {
    this.giveRejected(number, this.rejected(dead.name, part, value, reason))
  }

  private giveRejected(number: number, rejected: Rejected<unknown>): void {
    const { connections } = this.options.rejected
    this.used ??= new Set()
    const own = this.used.has(number) ? this.free++ : number
    this.used.add(own)
    const id: OutputId = {
      outcome: this.outcome,
      number: own,
      // What app.rejected cannot deliver would come back to it for ever.
      reject: (part, reason) =>
        this.options.report(`${partText(part)} cannot take a rejected value: ${reason}`),
    }
    for (const { steps, reader } of connections) reader.read(steps, rejected, rejected.arrival, id)
  }

  private rejected(kind: RejectedKind, { name }: Part, value: unknown, reason: string): Rejected<unknown> {
    const { key, arrival } = this.outcome
    return { kind, from: name, key, value: encodable(value), reason, arrival }
  }
}

/** Characters of the description of a value. */
const longestDescription = 1_000

/** The value, or its description if it cannot be encoded: what is rejected can always be delivered. */
function encodable(value: unknown): unknown {
  try {
    encode(value)
    return value
  } catch {
    return inspect(value, { breakLength: Number.POSITIVE_INFINITY }).slice(0, longestDescription)
  }
}
