import { filter, firstValueFrom, Observable, type OperatorFunction } from 'rxjs'
import type { Aside } from '../actors/delivery.ts'
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
import { reportDisconnection } from './report-disconnection.ts'
import { sinkOutlets } from './sink-outlets.ts'
import { type StreamChoice, sinkStreams } from './sink-streams.ts'

export interface JetStreamSinkOptions<Out> extends MessageOptions<Out>, StreamChoice {
  /** The store of the stage before: outputs become durable in its commits. */
  readonly store: Store
  /**
   * Name of the outbox in the store, and with `-rejected` of that of rejected values; the stream's unless
   * given. Renaming it leaves unsent rows behind.
   */
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
  /**
   * Epochs of stores that are gone for good and whose stream this one goes on with; or the id of one message
   * that no store wrote. A report of the kind `taken` says which.
   */
  readonly takeOver?: readonly string[]
  /** Told what an operator wants to know, in words. */
  readonly report?: (report: RelayReport) => void
  readonly clock?: WallClock
}

/**
 * Publishes what actors produce to a JetStream stream, each output exactly once and in order, as a
 * CloudEvent; and side outputs, of every tag, to a second one in the same way. Outputs are written to
 * the store's outbox while the turn's commit is open, and published from there as soon as NATS can be
 * reached; rows left by an earlier run go first.
 *
 * Emits each row once its stream has confirmed it. Completes when the source has and the outbox is empty,
 * or after `drainFor`. While another store writes to a stream, that is reported and nothing is published to
 * it: an error would stop the source, which can go on acknowledging. Unsubscribing stops it at once. What is
 * not published then stays in the store for the next run.
 */
export const toJetStream = <Out>(
  nats: Nats,
  options: JetStreamSinkOptions<Out>,
): OperatorFunction<Outcome<Out>, Published> => {
  const { store, clock = systemClock, drainFor = seconds(3) } = options
  const streams = sinkStreams(options)
  const { name = streams.values.name } = options
  const writer = new MessageWriter(options, store, name)
  const { values, rejected = values } = sinkOutlets(nats.connection, store, name, streams, options.takeOver)
  const outlets = new Set([values, rejected])

  return (outcomes) =>
    new Observable((subscriber) => {
      for (const { sink } of outlets) subscriber.add(claimOutbox(store, sink))
      const relays = [...outlets].map(
        ({ sink, port, refusedTo }) =>
          new Relay({
            store,
            sink,
            port,
            clock,
            reachable: () => connected(nats),
            takeOver: options.takeOver ?? [],
            syncInterval: options.syncInterval ?? minutes(2.5),
            triesPerRow: options.triesPerRow ?? 10,
            rowsInFlight: options.rowsInFlight ?? 256,
            bytesInFlight: options.bytesInFlight ?? 4 * 2 ** 20,
            answerWithin: options.answerWithin ?? seconds(5),
            deadLetterOf: (message, row, refusal, room) =>
              writer.deadLetterOf(message, row, refusal, clock.now(), room, refusedTo),
            published: (row) => subscriber.next(row),
            report: options.report ?? (() => {}),
          }),
      )
      let cancelDrain = (): void => {}
      const status = nats.status.subscribe(({ connected }) => {
        if (!connected) for (const relay of relays) relay.interrupt()
      })
      status.add(reportDisconnection(nats, options.report ?? (() => {})))
      Promise.all(relays.map((relay) => relay.run())).then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      )
      const source = outcomes.subscribe({
        next: (outcome) => record(outcome, writer, values.sink, rejected.sink),
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          for (const relay of relays) relay.drain()
          cancelDrain = clock.after(drainFor, () => {
            for (const relay of relays) relay.stop()
          })
        },
      })
      return () => {
        source.unsubscribe()
        status.unsubscribe()
        cancelDrain()
        for (const relay of relays) relay.stop()
      }
    })
}

const connected = (nats: Nats): Promise<unknown> =>
  firstValueFrom(nats.status.pipe(filter((status) => status.connected))).catch(() => {
    throw new Error(
      'the NATS connection was closed while rows were to be published: close it after the pipeline',
    )
  })

function record<Out>(
  outcome: Outcome<Out>,
  writer: MessageWriter<Out>,
  sink: string,
  rejectedSink: string,
): void {
  const { values, asides } = outcome
  const reject = (aside: Aside, place: number): void =>
    outcome.record(rejectedSink, place, encodeOutboxMessage(writer.ofAside(aside, outcome, place)))
  for (let place = 0; place < values.length; place++) {
    const made = writer.ofValue(values[place] as Out, outcome, place)
    if ('payload' in made) outcome.record(sink, place, encodeOutboxMessage(made))
    else reject(made, place)
  }
  for (const [at, aside] of asides.entries()) reject(aside, values.length + at)
}
