import { crc32 } from 'node:zlib'
import {
  AckPolicy,
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream'
import { nanos } from 'nats'
import { Observable } from 'rxjs'
import { type Aside, Delivery, type Duty } from '../actors/delivery.ts'
import { type Duration, seconds } from '../time/duration.ts'
import type { Nats } from './connect-nats.ts'
import { RecentNumbers } from './recent-numbers.ts'

/** One message of a stream. */
export interface StreamMessage {
  readonly subject: string
  readonly sequence: number
  /** When the server took it, epoch milliseconds. */
  readonly time: number
  readonly data: Uint8Array
  /** `Nats-Msg-Id`, empty when the message has none. */
  readonly id: string
}

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
          else subscriber.next(deliveryOf(message, `${stream}/${durable} ${created}`, recent, options))
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

function deliveryOf<T>(
  message: JsMsg,
  sender: string,
  recent: RecentNumbers,
  { decode }: JetStreamSourceOptions<T>,
): Delivery<T> {
  const { data, seq, subject } = message
  const id = message.headers?.get('Nats-Msg-Id') ?? ''
  // A killed server also forgets that it delivered a message, so its word that this is the first time counts
  // for nothing. The sequence names the message; the sender names the stream it is a sequence of.
  const receipt = { sender, number: seq, checksum: crc32(data), resent: true }
  const duty: Duty = {
    ack() {
      recent.add(seq)
      message.ack()
    },
    reject: () => message.nak(),
  }
  try {
    const time = Number(message.timestampNanos / 1_000_000n)
    const decoded = (decode ?? dataOfCloudEvent<T>)({ subject, sequence: seq, time, data, id })
    return new Delivery(Array.isArray(decoded) ? (decoded as readonly T[]) : [decoded as T], duty, {
      receipt,
    })
  } catch (error) {
    return new Delivery<T>([], duty, { receipt, asides: [unreadable(message, error)] })
  }
}

const dataOfCloudEvent = <T>({ data }: StreamMessage): T => {
  const event: unknown = JSON.parse(Buffer.from(data).toString())
  if (typeof event !== 'object' || event === null || !('data' in event)) {
    throw new Error('not a CloudEvent: there is no "data"; give decode for other formats')
  }
  return event.data as T
}

const unreadable = ({ subject, seq, data }: JsMsg, error: unknown): Aside => ({
  kind: 'dead',
  value: {
    subject,
    sequence: seq,
    bytes: data.length,
    beginning: Buffer.from(data.subarray(0, 16_384)).toString('base64'),
  },
  reason: `message could not be read: ${error instanceof Error ? error.message : error}`,
})
