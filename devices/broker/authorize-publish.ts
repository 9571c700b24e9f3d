import type { Client, PublishPacket } from 'aedes'
import type { Surroundings } from './connection.ts'
import { connectionOf } from './connection-of.ts'
import type { Publish } from './publish.ts'

type Done = (error?: Error | null) => void

/**
 * Takes what Aedes handles itself, publishes of QoS 2 and wills, and holds its callback until they are
 * durable: Aedes writes the PUBREC after it. A QoS 2 packet sent again comes here again, before Aedes looks
 * whether it knows it; the receipt tells. A will may come without a client, or from one already closed.
 */
export const authorizePublish =
  ({ take, topics }: Pick<Surroundings, 'take' | 'topics'>) =>
  (client: Client | null, packet: PublishPacket, done: Done): void => {
    const isWill = client === null || client.closed
    const connection = client === null ? undefined : connectionOf(client)
    const name = Buffer.from(packet.topic)
    const publish: Publish = {
      topic: topics.find(name, 0, name.length),
      payload: packet.payload as Buffer,
      qos: packet.qos,
      retain: packet.retain,
      dup: packet.dup,
      messageId: isWill ? undefined : packet.messageId,
    }
    const settle = (_: unknown, taken: boolean): void => {
      packet.retain = false
      if (isWill) done(taken ? null : new Error('the will could not be taken'))
      else if (!taken) client.close()
      else if (!client.closed) done(null)
    }
    // Aedes shows it by itself.
    const shows = (): boolean => false
    take({ clientId: client?.id ?? '', named: connection?.named ?? false, shows, settle }, publish)
  }
