import { crc32 } from 'node:zlib'
import type { Client, PublishPacket } from 'aedes'
import type { Receipt } from '../../lib/actors/delivery.ts'
import type { Connection } from './connection.ts'

/**
 * What tells a resent publish from a new one. A client that was cut off sends again what it has not seen
 * acknowledged, with the same message id and DUP set; QoS 0 is never resent,
 * a will has no message id, and a client without an id of its own cannot come back as the same.
 */
export const receiptOf = (client: Client | null, packet: PublishPacket): Receipt | undefined =>
  client === null || packet.qos === 0 || packet.messageId === undefined || !(client.conn as Connection).named
    ? undefined
    : {
        sender: client.id,
        number: packet.messageId,
        checksum: crc32(packet.payload, crc32(packet.topic)),
        resent: packet.dup,
      }
