import type { Client, PublishPacket } from 'aedes'
import type { ConnectionContext } from './connection-context.ts'
import { connectionOf } from './connection-of.ts'
import { Share } from './gate.ts'
import type { Publish } from './publish.ts'
import type { Sender } from './sender.ts'

/** A will as it is in a CONNECT. */
interface Will {
  readonly topic: string
  payload?: Buffer | string
}

/**
 * The wills of connected clients, bounded in bytes, and those that have fired until they are durable. A will
 * that fires is taken and shown to subscribers as any other publish.
 */
export class Wills {
  /** Bytes of wills of connected clients, and of those that have fired and are not durable yet. */
  heldBytes = 0
  private readonly limit: number
  private readonly around: Pick<ConnectionContext, 'take' | 'topics' | 'fanOut'>

  constructor(limit: number, around: Pick<ConnectionContext, 'take' | 'topics' | 'fanOut'>) {
    this.limit = limit
    this.around = around
  }

  /** Keeps the will of a client until it is gone. Returns false when there is no room for it. */
  admit(client: Client, will: Will): boolean {
    const payload = Buffer.from(will.payload ?? '')
    const bytes = heldBytesOf(will.topic, payload)
    if (this.heldBytes + bytes > this.limit) return false
    // A copy: what arrived is a slice of a larger chunk.
    will.payload = payload
    this.heldBytes += bytes
    connectionOf(client).once('close', () => {
      this.heldBytes -= bytes
    })
    return true
  }

  /**
   * Takes the will of a client that is gone, as Aedes asks whether it may publish it. Aedes is not answered,
   * so that it does not publish the will as well: it would take one of QoS 1 or 2 for a duplicate of a
   * publish that overtook it.
   */
  readonly fire = (client: Client | null, packet: PublishPacket): void => {
    const { take, topics, fanOut } = this.around
    const name = Buffer.from(packet.topic)
    const payload = packet.payload as Buffer
    const bytes = heldBytesOf(packet.topic, payload)
    const will: Publish = {
      topic: topics.find(name, 0, name.length),
      payload,
      qos: packet.qos,
      retain: packet.retain,
      dup: false,
      messageId: undefined,
    }
    const sender: Sender = {
      share: new Share(),
      clientId: client?.id ?? '',
      named: client !== null && connectionOf(client).named,
      shows: (publish) => fanOut.mayReach(publish),
      settle: ({ shown }, taken) => {
        this.heldBytes -= bytes
        if (taken && shown) fanOut.show(shown)
      },
    }
    this.heldBytes += bytes
    take(sender, will)
  }
}

/** With what its objects and those of its client's session cost. */
const heldBytesOf = (topic: string, payload: Buffer): number => topic.length + payload.length + 512
