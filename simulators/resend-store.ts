import { type Packet, type PacketCallback, Store } from 'mqtt'

/**
 * What an MQTT.js client keeps until it is acknowledged, to be sent again after a reconnection. By itself it is
 * sent again without DUP (5.16), which MQTT 3.1.1 demands (3.3.1-1), and without it no broker can tell a
 * publish that was taken from a new one. What was never sent may carry it without harm.
 */
export class ResendStore extends Store {
  override put(packet: Packet, done: PacketCallback): this {
    return super.put(packet.cmd === 'publish' ? { ...packet, dup: true } : packet, done)
  }
}
