import { OutboxRelay } from '../actors/sinks/outbox-relay.ts'
import { epochAt } from '../state/lineage.ts'
import { decode, encode } from '../state/rows/codec.ts'
import type { OutboxRow, Store } from '../state/store.ts'
import type { WallClock } from '../time/wall-clock.ts'
import type { Delivered } from './destination.ts'
import type { SinkNode } from './graph.ts'
import type { OutputId, OutputReader } from './port.ts'
import { follow, leftOut, type RouteStep } from './route.ts'

/** Outputs given to a destination at once. */
const deliveredAtOnce = 256

/** As the rows of `toSink`. */
type Columns = readonly [key: string, arrival: number, kind: string, value: unknown, reason: string]

/** A sink as a reader, with the outbox that it fills and the relay that empties it. */
export class RunningSink implements OutputReader {
  readonly needsId = true
  readonly relay: OutboxRelay<Delivered<unknown>>
  private readonly node: SinkNode

  constructor(node: SinkNode, store: Store, clock: WallClock, report: (line: string) => void) {
    const { part, destination } = node
    this.node = node
    this.relay = new OutboxRelay({
      store,
      sink: part.name,
      clock,
      atATime: deliveredAtOnce,
      read: (row) => deliveredOf(row, store),
      deliver: (outputs) => destination.deliver(outputs),
      onRefused: (outputs, error) => report(refusalText(part.name, outputs, error)),
    })
  }

  read(steps: readonly RouteStep[], value: unknown, arrival: number, id: OutputId | undefined): void {
    const { part } = this.node
    if (!id) throw new Error(`Sink "${part.name}" was given a value without an id`)
    const { outcome, number } = id
    let output: unknown
    try {
      output = follow(steps, value)
    } catch (error) {
      id.reject(part, `a map or filter in front of sink "${part.name}" threw: ${String(error)}`)
      return
    }
    if (output === leftOut) return
    let bytes: Uint8Array
    try {
      bytes = encode([outcome.key, arrival, 'result', output, ''] satisfies Columns)
    } catch (error) {
      id.reject(part, `the output cannot be encoded: ${String(error)}`)
      return
    }
    outcome.record(part.name, number, bytes)
  }

  end(): void {}
}

function deliveredOf({ position, index, bytes }: OutboxRow, store: Store): Delivered<unknown> {
  const [key, arrival, , value] = decode<Columns>(bytes)
  return { id: `${epochAt(store, position)}-${position}-${index}`, key, arrival, value }
}

const refusalText = (name: string, outputs: readonly Delivered<unknown>[], error: unknown): string =>
  `Sink "${name}" did not take ${outputs.length} outputs from ${outputs[0]?.id} on: ${String(error)}. ` +
  'They are saved, and delivered again until it takes them'
