import { crc32 } from 'node:zlib'
import type { Receipt } from '../../lib/actors/delivery.ts'
import type { Sender } from './intake.ts'
import type { Publish } from './publish.ts'

/**
 * What tells a resent publish from a new one. A client that was cut off sends again what it has not seen
 * acknowledged, with the same message id and DUP set. QoS 0 is never resent, a will has no message id, and
 * a client without an id of its own cannot come back as the same.
 */
export const receiptOf = (
  sender: Sender,
  { topic, payload, messageId, dup }: Publish,
): Receipt | undefined =>
  !sender.named || messageId === undefined
    ? undefined
    : { sender: sender.clientId, number: messageId, checksum: crc32(payload, crc32(topic)), resent: dup }
