import { type Packet, type PacketCallback, Store } from 'mqtt'

/**
 * What an MQTT.js client keeps until it is acknowledged, to be sent again after a reconnection. MQTT.js
 * (5.16) leaves out the DUP that MQTT 3.1.1 demands then (3.3.1-1), without which no broker can tell a
 * publish that was taken from a new one. What was never sent may carry it without harm.
 */
export class ResendStore extends Store {
  override put(packet: Packet, done: PacketCallback): this {
    return super.put(packet.cmd === 'publish' ? { ...packet, dup: true } : packet, done)
  }
}
