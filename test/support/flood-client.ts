import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { generate, type IConnectPacket, type Packet } from 'mqtt-packet'
import { connectOf } from './raw-mqtt.ts'

/** Packets as bytes, one after the other, built before they are sent. */
export const packetBytes = (count: number, packet: (number: number) => Packet): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, number) => generate(packet(number))))

/**
 * An MQTT client that sends bytes built beforehand, as fast as the socket takes them, and only counts the
 * packets that it receives.
 */
export class FloodClient {
  readonly socket: Socket
  /** Packets received, by the type in their first byte: 4 is PUBACK, 5 is PUBREC. */
  readonly received: number[] = new Array(16).fill(0)
  /** The return code of CONNACK, once it has arrived. */
  connack: number | undefined
  closed = false
  private waiting: (() => void)[] = []
  private spare: Buffer = Buffer.alloc(0)

  /** Connects, and resolves with the CONNACK received or the connection closed. */
  static async connect(
    port: number,
    clientId: string,
    more: Partial<IConnectPacket> = {},
  ): Promise<FloodClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    const client = new FloodClient(socket)
    socket.write(generate(connectOf(clientId, more)))
    await client.until(() => client.connack !== undefined || client.closed)
    return client
  }

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes) => this.receive(bytes))
    socket.on('error', () => {})
    socket.on('close', () => {
      this.closed = true
      this.changed()
    })
  }

  /** Resolves when the system has taken all bytes, or the connection is closed. */
  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => this.socket.write(bytes, () => resolve()))
  }

  /** Sends `bytes` over and over, until `isOver` or the connection is closed. */
  async flood(bytes: Buffer, isOver: () => boolean): Promise<void> {
    while (!isOver() && !this.closed) {
      await this.write(bytes)
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }

  /** Resolves once `condition` holds, which is evaluated whenever packets arrive or the socket closes. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.push(resolve))
  }

  close(): void {
    this.socket.destroy()
  }

  private receive(bytes: Buffer): void {
    const received = this.spare.length > 0 ? Buffer.concat([this.spare, bytes]) : bytes
    let at = 0
    for (let end = endOfPacket(received, at); end <= received.length; end = endOfPacket(received, at)) {
      const type = received[at]! >> 4
      this.received[type]!++
      if (type === 2) this.connack = received[at + 3]!
      at = end
    }
    this.spare = received.subarray(at)
    this.changed()
  }

  private changed(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}

/** Where the packet that begins at `at` ends; Infinity while its length is incomplete. */
const endOfPacket = (bytes: Buffer, at: number): number => {
  let length = 0
  for (let digit = 0; digit < 4; digit++) {
    const byte = bytes[at + 1 + digit]
    if (byte === undefined) break
    length += (byte & 0x7f) * 128 ** digit
    if (byte < 0x80) return at + 2 + digit + length
  }
  return Number.POSITIVE_INFINITY
}
