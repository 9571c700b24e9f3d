import { crc32 } from 'node:zlib'
import type { JsMsg } from '@nats-io/jetstream'
import { type Aside, Delivery, type Duty } from '../actors/delivery.ts'
import type { RecentNumbers } from './recent-numbers.ts'

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

/**
 * A delivery of what `decode` finds in a message, unless given the data of a CloudEvent; one that cannot be
 * read is a dead letter. `sender` names the stream that its sequence counts in.
 */
export function deliveryOf<T>(
  message: JsMsg,
  sender: string,
  recent: RecentNumbers,
  decode: ((message: StreamMessage) => T | readonly T[]) | undefined,
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
  tag: 'dead',
  value: {
    subject,
    sequence: seq,
    bytes: data.length,
    beginning: Buffer.from(data.subarray(0, 16_384)).toString('base64'),
  },
  reason: `message could not be read: ${error instanceof Error ? error.message : error}`,
})
