import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet'

/** An MQTT client of single packets, which may break every rule. */
export class RawMqtt {
  readonly socket: Socket
  readonly packets: Packet[] = []
  closed = false
  private listeners: (() => void)[] = []

  /** Opens a socket without sending anything. */
  static async open(port: number): Promise<RawMqtt> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new RawMqtt(socket)
  }

  /** Opens a socket, sends a CONNECT and resolves with the answer in `packets`. */
  static async connect(port: number, clientId: string, more: Partial<IConnectPacket> = {}): Promise<RawMqtt> {
    const client = await RawMqtt.open(port)
    client.send(connectOf(clientId, more))
    await client.until(() => client.packets.length > 0 || client.closed)
    return client
  }

  private constructor(socket: Socket) {
    this.socket = socket
    const incoming = parser()
    incoming.on('packet', (packet: Packet) => {
      this.packets.push(packet)
      this.changed()
    })
    socket.on('data', (bytes) => incoming.parse(bytes))
    socket.on('error', () => {})
    socket.on('close', () => {
      this.closed = true
      this.changed()
    })
  }

  send(packet: Packet): void {
    this.socket.write(generate(packet))
  }

  publish(
    topic: string,
    payload: string | Buffer,
    messageId?: number,
    more: { dup?: boolean; qos?: 1 | 2 } = {},
  ): void {
    const qos = messageId === undefined ? 0 : (more.qos ?? 1)
    const packet = { cmd: 'publish', topic, payload, qos, retain: false, dup: more.dup ?? false } as const
    this.send(messageId === undefined ? packet : { ...packet, messageId })
  }

  /** Resolves once `condition` holds, looked at whenever a packet arrives or the socket closes. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.listeners.push(resolve))
  }

  /** Sends a PINGREQ and resolves with its answer: everything sent before has been looked at by then. */
  async ping(): Promise<void> {
    const before = this.count('pingresp')
    this.send({ cmd: 'pingreq' })
    await this.until(() => this.count('pingresp') > before || this.closed)
  }

  /** Message ids acknowledged so far, in order. */
  acknowledged(): number[] {
    return this.packets.flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId!] : []))
  }

  count(command: Packet['cmd']): number {
    return this.packets.filter(({ cmd }) => cmd === command).length
  }

  close(): void {
    this.socket.destroy()
  }

  private changed(): void {
    for (const resolve of this.listeners.splice(0)) resolve()
  }
}

/** A CONNECT of MQTT 3.1.1, without a keep-alive unless `more` has one. */
export const connectOf = (clientId: string, more: Partial<IConnectPacket> = {}): IConnectPacket => ({
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  keepalive: 0,
  clientId,
  ...more,
})
