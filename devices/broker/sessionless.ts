import { Readable } from 'node:stream'
import type { Client, PublishPacket } from 'aedes'

/**
 * What Aedes asks of a persistence, for a broker that keeps no sessions: nothing is queued for who is not
 * connected and nothing is retained, so nothing can grow while a client is away. Only the half-done QoS 2
 * handshakes of a connected client are remembered. Wills are kept by their connections. Methods that Aedes
 * calls for persistent sessions alone are left out: every session is made a clean one.
 */
export class Sessionless {
  private readonly halfDone = new Map<string, Map<number, PublishPacket>>()

  async setup(): Promise<void> {}
  async destroy(): Promise<void> {}

  subscriptionsByTopic = (): Promise<readonly never[]> => noneFound
  outgoingEnqueueCombi = (): Promise<void> => settled
  outgoingClearMessageId = (): Promise<void> => settled
  outgoingStream = (): Readable => Readable.from([])

  cleanSubscriptions = (): Promise<void> => settled

  storeRetained = (): Promise<void> => settled
  createRetainedStreamCombi = (): Readable => Readable.from([])

  putWill = (): Promise<void> => settled
  delWill = (): Promise<void> => settled
  streamWill = (): Readable => Readable.from([])

  async incomingStorePacket({ id }: Client, packet: PublishPacket): Promise<void> {
    const packets = this.halfDone.get(id) ?? new Map<number, PublishPacket>()
    this.halfDone.set(id, packets.set(packet.messageId!, packet))
  }

  async incomingGetPacket({ id }: Client, { messageId }: PublishPacket): Promise<PublishPacket> {
    const packet = this.halfDone.get(id)?.get(messageId!)
    if (!packet) throw new Error(`no QoS 2 handshake ${messageId} of ${id} is under way`)
    return packet
  }

  async incomingDelPacket({ id }: Client, { messageId }: PublishPacket): Promise<void> {
    this.halfDone.get(id)?.delete(messageId!)
  }

  async cleanIncoming({ id }: Client): Promise<void> {
    this.halfDone.delete(id)
  }
}

const settled = Promise.resolve()
const noneFound = Promise.resolve([])
