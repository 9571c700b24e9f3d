import { connect, type Socket } from 'node:net'
import { generate } from 'mqtt-packet'
import type { PlantPublish } from './plant-publishes.ts'

interface Unacknowledged {
  readonly messageId: number
  readonly publish: PlantPublish
  readonly packet: Buffer
}

export interface ClientOptions {
  readonly id: string
  readonly port: number
  /** Publishes in flight at the most. */
  readonly window: number
  readonly publishes: Iterator<PlantPublish, unknown>
  /** It publishes so many; without end unless given. */
  readonly limit?: number
}

/**
 * An MQTT 3.1.1 client of QoS 1 that behaves as a device does: it connects again when it is cut off, sends
 * what was not acknowledged again, in order, with DUP and the message ids it had, and only then goes on.
 */
export class ResendingClient {
  /** Publishes made so far. */
  published = 0
  acknowledged = 0
  /** Readings in what was acknowledged. */
  readings = 0
  /** Publishes sent more than once, each time counted. */
  resent = 0
  /** PUBACKs that were not the next one due, or that nothing was sent for. */
  misordered = 0
  /** The newest acknowledged sequence number of each device. */
  readonly newest = new Map<string, number>()
  private readonly options: ClientOptions
  private readonly flying: Unacknowledged[] = []
  private limit: number
  private socket: Socket | undefined
  private isAccepted = false
  private isClosed = false
  private spare = Buffer.alloc(0)
  private announceDone: () => void = () => {}
  private goal: { readonly acknowledged: number; readonly announce: () => void } | undefined
  private retry: NodeJS.Timeout | undefined

  constructor(options: ClientOptions) {
    this.options = options
    this.limit = options.limit ?? Number.POSITIVE_INFINITY
    this.connect()
  }

  /** Makes no more publishes. Resolves when all it has made are acknowledged. */
  finish(): Promise<void> {
    this.limit = Math.min(this.limit, Math.max(this.published, this.options.limit ?? 0))
    return new Promise((resolve) => {
      this.announceDone = resolve
      this.checkDone()
    })
  }

  /** Resolves when so many publishes are acknowledged. */
  reached(acknowledged: number): Promise<void> {
    return new Promise((resolve) => {
      this.goal = { acknowledged, announce: resolve }
      this.checkDone()
    })
  }

  /** Breaks the connection off, as a network does; the client connects again by itself. */
  cut(): void {
    this.socket?.destroy()
  }

  close(): void {
    this.isClosed = true
    clearTimeout(this.retry)
    this.socket?.destroy()
  }

  private connect(): void {
    const socket = connect({ port: this.options.port, host: '127.0.0.1', noDelay: true })
    this.socket = socket
    this.isAccepted = false
    this.spare = Buffer.alloc(0)
    socket.once('connect', () => socket.write(connectPacket(this.options.id)))
    socket.on('data', (bytes) => this.receive(bytes))
    socket.on('error', () => {})
    socket.once('close', () => {
      this.isAccepted = false
      if (!this.isClosed) this.retry = setTimeout(() => this.connect(), 20)
    })
  }

  /** A broker sends such a client nothing but CONNACK and PUBACK, four bytes each. */
  private receive(bytes: Buffer): void {
    const received = Buffer.concat([this.spare, bytes])
    const whole = received.length - (received.length % 4)
    for (let at = 0; at < whole; at += 4) {
      const type = received[at]
      if (type === 0x40) this.acknowledge(received.readUInt16BE(at + 2))
      else if (type === 0x20 && received[at + 3] === 0) this.accept()
      else throw new Error(`${this.options.id} received ${received.subarray(at, at + 4).toString('hex')}`)
    }
    this.spare = received.subarray(whole)
    this.fill()
  }

  private accept(): void {
    this.isAccepted = true
    this.resent += this.flying.length
    for (const { packet } of this.flying) packet[0] = packet[0]! | duplicateFlag
    this.socket?.write(Buffer.concat(this.flying.map(({ packet }) => packet)))
  }

  private acknowledge(messageId: number): void {
    const at = this.flying.findIndex((sent) => sent.messageId === messageId)
    if (at !== 0) this.misordered++
    const [sent] = at < 0 ? [] : this.flying.splice(at, 1)
    if (!sent) return
    const { device, sequences } = sent.publish
    this.acknowledged++
    this.readings += sequences.length
    const newest = sequences.at(-1)
    if (newest !== undefined) this.newest.set(device, Math.max(newest, this.newest.get(device) ?? 0))
    this.checkDone()
  }

  private fill(): void {
    const packets: Buffer[] = []
    while (this.isAccepted && this.flying.length < this.options.window && this.published < this.limit) {
      const { value: publish } = this.options.publishes.next() as { value: PlantPublish }
      const messageId = (this.published++ % 65_535) + 1
      const packet = publishPacket(publish, messageId)
      this.flying.push({ messageId, publish, packet })
      packets.push(packet)
    }
    if (packets.length > 0) this.socket?.write(Buffer.concat(packets))
  }

  private checkDone(): void {
    if (this.goal && this.acknowledged >= this.goal.acknowledged) this.goal.announce()
    if (this.published >= this.limit && this.flying.length === 0) this.announceDone()
  }
}

const duplicateFlag = 0x08

const connectPacket = (clientId: string): Buffer =>
  generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId, clean: true, keepalive: 0 })

const publishPacket = ({ topic, payload }: PlantPublish, messageId: number): Buffer =>
  generate({ cmd: 'publish', topic, payload, messageId, qos: 1, dup: false, retain: false })
