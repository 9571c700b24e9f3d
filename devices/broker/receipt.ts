import { crc32 } from 'node:zlib'
import type { Receipt } from '../../lib/actors/delivery.ts'
import type { Publish } from './publish.ts'
import type { Sender } from './sender.ts'

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
    : { sender: sender.clientId, number: messageId, checksum: checksum(topic.hash, payload), resent: dup }

/** From this length on the call out of JavaScript is worth it. */
const longPayload = 64

/** FNV-1a over a short payload, CRC-32 over a long one, either way begun with the hash of the topic. */
function checksum(topic: number, payload: Uint8Array): number {
  if (payload.length >= longPayload) return crc32(payload, topic >>> 0)
  let hash = topic
  for (let index = 0; index < payload.length; index++) hash = Math.imul(hash ^ payload[index]!, 0x01000193)
  return hash >>> 0
}
