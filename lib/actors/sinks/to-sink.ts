import { Observable } from 'rxjs'
import { epochAt } from '../../state/lineage.ts'
import { decode, encode } from '../../state/rows/codec.ts'
import type { OutboxRow, Store } from '../../state/store.ts'
import { dead } from '../../time/output-tag.ts'
import { systemClock, type WallClock } from '../../time/wall-clock.ts'
import type { Outcome } from '../outcome.ts'
import { OutboxRelay } from './outbox-relay.ts'
import type { Sent, Sink, SinkRefusal } from './sink.ts'

export interface ToSinkOptions {
  readonly store: Store
  readonly clock?: WallClock
  /** Outputs given to the sink at once, 256 at the most unless given. */
  readonly atATime?: number
  /** Told when the sink refuses, once until it has taken something. */
  readonly report?: (refusal: SinkRefusal) => void
}

/** Rows of an earlier version have the tag of a side output as their kind. */
type Columns = readonly [
  key: string,
  arrival: number,
  kind: string,
  value: unknown,
  reason: string,
  tag?: string,
]

/**
 * Sends what actors put out to `sink`, through the outbox: each output is durable together with its cause,
 * and given to the sink again and again until that takes it. Emits each output once it is taken, and
 * completes when the source has completed and the outbox is empty.
 */
export const toSink =
  <Out>(sink: Sink<Out>, { store, clock = systemClock, atATime = 256, report = () => {} }: ToSinkOptions) =>
  (source: Observable<Outcome<Out>>): Observable<Sent<Out>> =>
    new Observable((subscriber) => {
      if (!(Number.isSafeInteger(atATime) && atATime >= 1)) {
        throw new RangeError(`atATime must be a whole number of outputs, 1 or more, got ${atATime}`)
      }
      const relay = new OutboxRelay<Sent<Out>>({
        store,
        sink: sink.name,
        clock,
        atATime,
        read: (row) => sentOf(row, store),
        deliver: (outputs) => sink.deliver(outputs),
        onRefused: (outputs, error) => report(refusalOf(sink.name, outputs, error)),
        onRemoved(outputs) {
          for (const output of outputs) subscriber.next(output)
        },
      })
      subscriber.add(() => relay.stop())
      subscriber.add(
        source.subscribe({
          next: (outcome) => record(outcome, sink.name),
          error: (error) => subscriber.error(error),
          complete: () => relay.drain(),
        }),
      )
      relay.run().then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      )
    })

/** Puts every output of a turn into the outbox of `sink`. */
function record(outcome: Outcome<unknown>, sink: string): void {
  const { key, arrival, values, asides } = outcome
  values.forEach((value, index) => {
    outcome.record(sink, index, bytesOf([key, arrival, 'result', value, '']))
  })
  asides.forEach(({ tag, value, reason }, index) => {
    outcome.record(sink, values.length + index, bytesOf([key, arrival, 'side', value, reason, tag]))
  })
}

/** What cannot be encoded goes on as a dead letter that says so: nothing may be lost that is acknowledged. */
const bytesOf = (columns: Columns): Uint8Array => {
  try {
    return encode(columns)
  } catch (error) {
    const [key, arrival, kind, , reason, tag = kind] = columns
    const why = `${reason && `${reason}; `}the value of this ${tag} could not be encoded: ${String(error)}`
    return encode([key, arrival, 'side', null, why, dead.name] satisfies Columns)
  }
}

function sentOf<Out>({ position, index, bytes }: OutboxRow, store: Store): Sent<Out> {
  const [key, arrival, kind, value, reason, tag = kind] = decode<Columns>(bytes)
  const id = `${epochAt(store, position)}-${position}-${index}`
  if (kind === 'result') return { id, key, arrival, kind, value: value as Out, reason: '' }
  return { id, key, arrival, kind: 'side', tag, value, reason }
}

const refusalOf = (sink: string, outputs: readonly Sent<unknown>[], error: unknown): SinkRefusal => ({
  message:
    `sink "${sink}" refused what was given to it, ${outputs.length} from ${outputs[0]?.id} on: ${String(error)}. ` +
    'They wait on the disk and are given to it again until it takes them',
  error,
})
