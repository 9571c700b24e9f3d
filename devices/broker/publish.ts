import type { Topic, TopicBook } from './topic-book.ts'

/** A PUBLISH, as far as the broker looks at it. */
export interface Publish {
  readonly topic: Topic
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  /** The client says that it has sent this before. */
  readonly dup: boolean
  /** Undefined for QoS 0 and wills. */
  readonly messageId: number | undefined
  /** Length of the whole payload, when `payload` is only its beginning because the whole is too long. */
  readonly wholeBytes?: number
}

/**
 * Reads the packet in `[start, end)` as a PUBLISH. Undefined when it breaks the protocol: `checkPacket` says
 * how.
 */
export const readPublish = (
  bytes: Buffer,
  start: number,
  end: number,
  topics: TopicBook,
): Publish | undefined => {
  const header = bytes[start]!
  const qos = (header >> 1) & 3
  if (qos > 2 || (header & dupOfQos0) === 8) return undefined
  let place = start + 1
  while (bytes[place++]! >= 0x80);
  if (place + 2 > end) return undefined
  const topicStart = place + 2
  const topicEnd = topicStart + ((bytes[place]! << 8) | bytes[place + 1]!)
  const payloadStart = topicEnd + (qos === 0 ? 0 : 2)
  if (topicEnd === topicStart || payloadStart > end) return undefined
  const topic = topics.find(bytes, topicStart, topicEnd)
  if (!topic.isName) return undefined
  const messageId = qos === 0 ? undefined : (bytes[topicEnd]! << 8) | bytes[topicEnd + 1]!
  if (messageId === 0) return undefined
  return {
    topic,
    payload: bytes.subarray(payloadStart, end),
    qos: qos as Publish['qos'],
    retain: (header & 1) === 1,
    dup: (header & 8) === 8,
    messageId,
  }
}

/** The bits of DUP and QoS: together they may not be DUP alone. */
const dupOfQos0 = 0b1110
