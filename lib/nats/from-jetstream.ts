import {
  AckPolicy,
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream'
import { nanos } from 'nats'
import { Observable } from 'rxjs'
import type { Delivery } from '../actors/delivery.ts'
import { type Duration, seconds } from '../time/duration.ts'
import type { Nats } from './connect-nats.ts'
import { RecentNumbers } from './recent-numbers.ts'
import { deliveryOf, type StreamMessage } from './stream-message.ts'

export interface JetStreamSourceOptions<T> {
  readonly stream: string
  /** Name under which the server keeps the place. Made if missing, beginning with the oldest message. */
  readonly durable: string
  /** Only messages of these subjects, wildcards allowed. Default all. Used when the consumer is made. */
  readonly subjects?: readonly string[]
  /** The values in a message. Default: the `data` of a CloudEvent. What it throws becomes a dead letter. */
  readonly decode?: (message: StreamMessage) => T | readonly T[]
  /** Messages taken and not yet acknowledged, 256 unless given, at most 1,024. */
  readonly inFlight?: number
  /** After this long without an acknowledgement the server sends a message again. Default 30 s. */
  readonly ackWithin?: Duration
}

/**
 * The messages of a stream as deliveries, each acknowledged once what came of it is flushed. A crash in
 * between makes the server send it again, and the receipt tells `actors` that it is known: nothing counts
 * twice.
 *
 * Survives outages of the server. Errors when the stream does not exist or the server has no JetStream.
 */
export const fromJetStream = <T>(nats: Nats, options: JetStreamSourceOptions<T>): Observable<Delivery<T>> =>
  new Observable((subscriber) => {
    const { stream, durable, inFlight = 256 } = options
    if (inFlight < 1 || inFlight > rememberedDeliveries) {
      throw new Error(
        `inFlight: ${inFlight} is not from 1 to ${rememberedDeliveries}, the redeliveries that are recognised`,
      )
    }
    let messages: ConsumerMessages | undefined
    const recent = new RecentNumbers(remembersAcknowledged)
    const consume = async (): Promise<void> => {
      const connection = await nats.connection
      const manager = await jetstreamManager(connection)
      await ensureConsumer(manager, options, inFlight)
      const { created } = await manager.streams.info(stream)
      const consumer = await jetstream(connection).consumers.get(stream, durable)
      if (subscriber.closed) return
      messages = await consumer.consume({
        max_messages: inFlight,
        callback: (message) => {
          if (recent.has(message.seq)) message.ack()
          else subscriber.next(deliveryOf(message, `${stream}/${durable} ${created}`, recent, options.decode))
        },
      })
      if (subscriber.closed) messages.stop()
      const error = await messages.closed()
      if (error) throw error
    }
    consume().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    )
    return () => messages?.stop()
  })

/** As many as `actors` remembers of one sender. */
const rememberedDeliveries = 1_024

/** A killed server forgets the acknowledgements of its last moments, which may be more than that. */
const remembersAcknowledged = 65_536

async function ensureConsumer<T>(
  manager: JetStreamManager,
  { stream, durable, subjects, ackWithin = seconds(30) }: JetStreamSourceOptions<T>,
  inFlight: number,
): Promise<void> {
  const known = await manager.consumers.info(stream, durable).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === consumerNotFound) return undefined
    throw error
  })
  if (known) return
  await manager.consumers.add(stream, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWithin),
    max_ack_pending: inFlight,
    ...filterOf(subjects),
  })
}

const consumerNotFound = 10014

/** Servers before 2.10 know a single filter only. */
const filterOf = (subjects: readonly string[] = []) => {
  if (subjects.length === 0) return {}
  return subjects.length === 1 ? { filter_subject: subjects[0]! } : { filter_subjects: [...subjects] }
}
