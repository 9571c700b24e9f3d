import { Readable } from 'node:stream'
import type { Client, PublishPacket } from 'aedes'
import type { Retained } from './retained.ts'

/**
 * What Aedes asks of a persistence, for a broker that keeps no sessions: nothing is queued for who is not
 * connected, so nothing can grow while a client is away. Only the half-done QoS 2 handshakes of a connected
 * client are remembered. What is retained is kept elsewhere, once it is durable, and only shown from here;
 * wills are kept by their connections. Methods that Aedes calls for persistent sessions alone are left out:
 * every session is made a clean one.
 */
export class Sessionless {
  private readonly retained: Pick<Retained, 'matching'>
  private readonly halfDone = new Map<string, Map<number, PublishPacket>>()

  constructor(retained: Pick<Retained, 'matching'>) {
    this.retained = retained
  }

  async setup(): Promise<void> {}
  async destroy(): Promise<void> {}

  subscriptionsByTopic = (): Promise<readonly never[]> => noneFound
  outgoingEnqueueCombi = (): Promise<void> => settled
  outgoingClearMessageId = (): Promise<void> => settled
  outgoingStream = (): Readable => Readable.from([])

  cleanSubscriptions = (): Promise<void> => settled

  storeRetained = (): Promise<void> => settled
  createRetainedStreamCombi = (filters: string[]): Readable => Readable.from(this.retained.matching(filters))

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
