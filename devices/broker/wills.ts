import type { Client, PublishPacket } from 'aedes'
import type { ConnectionContext } from './connection-context.ts'
import { connectionOf } from './connection-of.ts'
import type { Publish } from './publish.ts'
import type { Sender } from './sender.ts'

/**
 * Takes the will of a client that is gone, as Aedes asks whether it may publish it, and shows it to
 * subscribers once it is durable. Aedes is not answered, so that it does not publish the will as well:
 * it would take one of QoS 1 or 2 for a duplicate of a publish that overtook it.
 */
export const takeWill =
  ({ take, topics, fanOut }: Pick<ConnectionContext, 'take' | 'topics' | 'fanOut'>) =>
  (client: Client | null, packet: PublishPacket): void => {
    const name = Buffer.from(packet.topic)
    const will: Publish = {
      topic: topics.find(name, 0, name.length),
      payload: packet.payload as Buffer,
      qos: packet.qos,
      retain: packet.retain,
      dup: false,
      messageId: undefined,
    }
    const sender: Sender = {
      clientId: client?.id ?? '',
      named: client !== null && connectionOf(client).named,
      shows: (publish) => fanOut.mayReach(publish),
      settle: ({ shown }, taken) => {
        if (taken && shown) fanOut.show(shown)
      },
    }
    take(sender, will)
  }
