import { filter, firstValueFrom, Observable, type OperatorFunction } from 'rxjs'
import type { Outcome } from '../actors/outcome.ts'
import { claimOutbox } from '../actors/sinks/claim-outbox.ts'
import type { Store } from '../state/store.ts'
import { type Duration, minutes, seconds } from '../time/duration.ts'
import { systemClock, type WallClock } from '../time/wall-clock.ts'
import type { Nats } from './connect-nats.ts'
import { type MessageOptions, MessageWriter } from './message-writer.ts'
import { encodeOutboxMessage } from './outbox-message.ts'
import type { Published } from './published.ts'
import { Relay } from './relay.ts'
import type { RelayReport } from './relay-report.ts'
import { defaultSideSubject } from './side-output.ts'
import type { StreamOptions } from './stream-options.ts'
import { streamPort } from './stream-port.ts'

export interface JetStreamSinkOptions<Out> extends MessageOptions<Out> {
  /** The store of the stage before: outputs become durable in its transactions. */
  readonly store: Store
  /** The stream, of which this sink is the only writer. Made if it is missing. Default `tidemark`. */
  readonly stream?: string | StreamOptions
  /** Name of the outbox in the store; the stream's unless given. Renaming it leaves unsent rows behind. */
  readonly name?: string
  /** How long to go on for what is unsent once the source has completed. Default 3 s. */
  readonly drainFor?: Duration
  /**
   * How long a confirmed row is kept: longer than the server takes to sync to its disk (`sync_interval`, 2
   * minutes unless configured). Default 2.5 minutes. 0 for a server that syncs always.
   */
  readonly syncInterval?: Duration
  /** How often one row is offered before a dead letter takes its place. Default 10. */
  readonly triesPerRow?: number
  /** Default 256. */
  readonly rowsInFlight?: number
  /** Default 4 MiB. */
  readonly bytesInFlight?: number
  /** How long the server may take to answer. Default 5 s. */
  readonly answerWithin?: Duration
  /** Epochs of stores that are gone for good and whose stream this one goes on with. */
  readonly takeOver?: readonly string[]
  /** Told what an operator wants to know, in words. */
  readonly report?: (report: RelayReport) => void
  readonly clock?: WallClock
}

/**
 * Publishes what actors produce to a JetStream stream, each output exactly once and in order, as a
 * CloudEvent. Outputs are written to the store's outbox while the turn's transaction is open, and published
 * from there as soon as NATS can be reached; rows left by an earlier run go first.
 *
 * Emits each row once the stream has confirmed it. Completes when the source has and the outbox is empty,
 * or after `drainFor`. Errors with `StreamTaken` when another store writes to the stream. Unsubscribing
 * stops it at once. What is not published then stays in the store for the next run.
 */
export const toJetStream = <Out>(
  nats: Nats,
  options: JetStreamSinkOptions<Out>,
): OperatorFunction<Outcome<Out>, Published> => {
  const { store, clock = systemClock, drainFor = seconds(3) } = options
  const stream = streamOf(options)
  const { name = stream.name } = options
  const port = streamPort(nats.connection, stream)
  const writer = new MessageWriter(options, store, name)

  return (outcomes) =>
    new Observable((subscriber) => {
      const release = claimOutbox(store, name)
      const relay = new Relay({
        store,
        sink: name,
        port,
        clock,
        reachable: () => connected(nats),
        takeOver: options.takeOver ?? [],
        syncInterval: options.syncInterval ?? minutes(2.5),
        triesPerRow: options.triesPerRow ?? 10,
        rowsInFlight: options.rowsInFlight ?? 256,
        bytesInFlight: options.bytesInFlight ?? 4 * 2 ** 20,
        answerWithin: options.answerWithin ?? seconds(5),
        deadLetterOf: (message, row, refusal) => writer.deadLetterOf(message, row, refusal, clock.now()),
        published: (row) => subscriber.next(row),
        report: options.report ?? (() => {}),
      })
      let cancelDrain = (): void => {}
      const status = nats.status.subscribe(({ connected }) => {
        if (!connected) relay.interrupt()
      })
      relay.run().then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      )
      const source = outcomes.subscribe({
        next: (outcome) => record(outcome, name, writer),
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          relay.drain()
          cancelDrain = clock.after(drainFor, () => relay.stop())
        },
      })
      return () => {
        source.unsubscribe()
        status.unsubscribe()
        cancelDrain()
        relay.stop()
        release()
      }
    })
}

const connected = (nats: Nats): Promise<unknown> =>
  firstValueFrom(nats.status.pipe(filter((status) => status.connected))).catch(() => {
    throw new Error(
      'the NATS connection was closed while rows were to be published: close it after the pipeline',
    )
  })

function record<Out>(outcome: Outcome<Out>, sink: string, writer: MessageWriter<Out>): void {
  const { values, asides } = outcome
  for (let index = 0; index < values.length; index++) {
    outcome.record(sink, index, encodeOutboxMessage(writer.ofValue(values[index] as Out, outcome, index)))
  }
  for (const [at, aside] of asides.entries()) {
    const index = values.length + at
    outcome.record(sink, index, encodeOutboxMessage(writer.ofAside(aside, outcome, index)))
  }
}

function streamOf<Out>({
  stream = 'tidemark',
  subject,
  sideSubject,
}: JetStreamSinkOptions<Out>): StreamOptions {
  const given = typeof stream === 'string' ? { name: stream } : stream
  const sides = (sideSubject ?? defaultSideSubject).patterns
  const known = subject.patterns && sides ? [...subject.patterns, ...sides] : []
  return { subjects: known, ...given }
}
