import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { excerpt } from '../formats/excerpt.ts'
import { checkPacket } from './check-packet.ts'
import type { ConnectionContext } from './connection-context.ts'
import type { Waiting } from './gate.ts'
import { IncomingPackets } from './incoming-packets.ts'
import type { MemoryHolder } from './memory-budget.ts'
import type { Pace } from './pace.ts'
import { ProtocolViolation } from './packet-fields.ts'
import { packetRefusal } from './packet-refusal.ts'
import type { Publish } from './publish.ts'
import type { Sender, SettledPublish } from './sender.ts'
import { SocketWriter } from './socket-writer.ts'
import type { Subscriber } from './subscriber.ts'

/**
 * A client's socket as the broker sees it. It splits what arrives into packets of bounded length. Publishes
 * are taken here, as the gate allows, and their acknowledgements leave here, all of one turn in one write,
 * as do the publishes that subscribers are sent. Every other packet goes to Aedes, which reads this stream:
 * CONNECT alone until it is accepted, and one at a time after it, in order with the publishes. A client that
 * does not read what it is sent is disconnected instead of being waited for.
 */
export class Connection extends Duplex implements Waiting, Sender, Subscriber, MemoryHolder {
  clientId = ''
  /** Whether the client chose its id, and so may return under it. */
  named = false
  /** CONNACK code with which the CONNECT is to be refused, 0 when it is not. */
  refusal = 0
  /** Milliseconds of silence after which the client counts as gone, Infinity when it may be silent. */
  patience = Number.POSITIVE_INFINITY
  readonly remote: string
  private readonly socket: Socket
  private readonly around: ConnectionContext
  private readonly pace: Pace | undefined
  private readonly packets: IncomingPackets
  private readonly writer: SocketWriter
  /** When the last bytes came, by the clock that nobody sets. */
  private heard: number
  private introduced = false
  private accepted = false
  private wanted = false
  private advancing = false
  private paused = false
  private ended = false
  private messageId = 0
  private filterBytes = 0
  private recordedBytes = 0

  constructor(socket: Socket, around: ConnectionContext) {
    super({ readableHighWaterMark: 1, writableHighWaterMark: Number.MAX_SAFE_INTEGER })
    this.socket = socket
    this.around = around
    this.packets = new IncomingPackets(around.limits, around.topics)
    this.pace = around.newPace?.()
    this.heard = around.now()
    this.writer = new SocketWriter(socket, around.limits.unreadBytes, (unread) => this.refuseUnread(unread))
    this.remote = socket.remoteAddress ?? ''
    socket.on('data', (bytes) => this.receive(bytes))
    socket.on('end', () => this.finish())
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
    socket.on('drain', () => around.fanOut.resume(this))
  }

  /** The CONNECT was accepted: from now on everything may follow. */
  accept(clientId: string): void {
    this.clientId = clientId
    this.accepted = true
    this.advance()
  }

  shows(publish: Publish): boolean {
    return this.around.fanOut.mayReach(publish)
  }

  /** A publish is durable, or it is lost and the client has to send it again. */
  settle({ qos, messageId, shown }: SettledPublish, taken: boolean): void {
    if (!taken) this.destroy()
    else {
      if (messageId !== undefined && !this.destroyed)
        this.writer.acknowledge(qos === 1 ? pubackHeader : pubrecHeader, messageId)
      if (shown) this.around.fanOut.show(shown)
    }
  }

  get isBehind(): boolean {
    return this.writer.isBehind
  }

  deliver(packet: Buffer): void {
    if (this.destroyed) return
    this.writer.write(packet)
    this.recordMemory()
  }

  /** The client was granted a filter. */
  subscribe(filter: string, qos: 0 | 1 | 2): void {
    this.around.fanOut.subscribe(this, filter, qos)
    this.filterBytes = this.around.fanOut.filterBytes(this)
    this.recordMemory()
  }

  unsubscribe(filter: string): void {
    this.around.fanOut.unsubscribe(this, filter)
    this.filterBytes = this.around.fanOut.filterBytes(this)
    this.recordMemory()
  }

  get heldBytes(): number {
    return this.packets.heldBytes + this.socket.readableLength + this.writer.unread + this.filterBytes
  }

  /** Whether it waits for the gate, and is not read from meanwhile. */
  get isWaiting(): boolean {
    return this.paused
  }

  nextMessageId(): number {
    this.messageId = (this.messageId % 65_535) + 1
    return this.messageId
  }

  /** Whether nothing has been heard for longer than the client's keep-alive allows, though we listened. */
  isSilent(now: number): boolean {
    return !this.paused && now - this.heard > this.patience
  }

  /** For so many milliseconds before `now` nobody was listened to. */
  excuse(unheard: number, now: number): void {
    this.heard = Math.min(this.heard + unheard, now)
  }

  /** Hands over what is there and allowed. */
  advance(): void {
    if (this.advancing || this.destroyed) return
    this.advancing = true
    try {
      this.handOver()
    } catch (error) {
      this.refuse(error as Error)
    }
    this.advancing = false
  }

  override _read(): void {
    this.wanted = true
    // Aedes takes what it has just been given first.
    process.nextTick(advance, this)
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.writer.send(bytes)
    this.recordMemory()
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), '', done)
  }

  override _final(done: () => void): void {
    this.socket.end()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.around.gate.forget(this)
    this.around.fanOut.forget(this)
    this.around.memory.forget(this)
    this.pace?.stop()
    this.socket.destroy()
    done(error)
  }

  private receive(bytes: Buffer): void {
    this.heard = this.around.now()
    this.packets.append(bytes)
    this.advance()
  }

  private finish(): void {
    this.ended = true
    this.advance()
  }

  private handOver(): void {
    const { packets, around } = this
    this.handOverPackets()
    if (this.destroyed) return
    packets.compact()
    if (this.ended && this.wanted && !this.awaitsAccept && !packets.find(this.accepted)) this.push(null)
    this.readOn(packets.length < around.limits.packetBytes && !this.pace?.isWaiting)
    this.recordMemory()
  }

  /** A client for which hardly anything is held is not worth a record. */
  private recordMemory(): void {
    const { heldBytes } = this
    if (Math.abs(heldBytes - this.recordedBytes) < recordedFrom || this.destroyed) return
    this.recordedBytes = heldBytes
    this.around.memory.record(this)
  }

  private readOn(wanted: boolean): void {
    if (wanted === !this.paused) return
    this.paused = !wanted
    if (!wanted) this.socket.pause()
    else {
      // It could not be heard meanwhile.
      this.heard = this.around.now()
      this.socket.resume()
    }
  }

  /** Hands over whole packets as long as it may. */
  private handOverPackets(): void {
    const { packets } = this
    for (let count = 0; !this.destroyed && !this.awaitsAccept && packets.find(this.accepted); count++) {
      const { type } = packets
      if (!this.accepted || type < publishType || type > pubcompType) {
        if (this.wanted) this.handToAedes()
        // What follows waits until Aedes has it, so that nothing overtakes.
        return
      }
      if (type !== publishType) this.answer()
      else if (this.mayPublish(count)) this.takePublish()
      else return
      packets.advance()
    }
  }

  /** Whether Aedes has the CONNECT and has not accepted it yet: nothing is handed over meanwhile. */
  private get awaitsAccept(): boolean {
    return this.introduced && !this.accepted
  }

  private handToAedes(): void {
    const { bytes, start, end } = this.packets
    checkPacket(bytes, start, end, !this.introduced)
    this.wanted = false
    this.introduced = true
    this.packets.advance()
    this.push(bytes.subarray(start, end))
  }

  /** Whether a publish may be taken now. If not, `advance` is called when it may. */
  private mayPublish(count: number): boolean {
    if (this.around.gate.passes(count)) return !this.pace || this.pace.allows(this)
    this.around.gate.wait(this)
    return false
  }

  private takePublish(): void {
    const publish = this.packets.publish()
    if (publish.wholeBytes !== undefined) {
      const reason = `published ${excerpt(publish.topic.name)} with a fault: ${publish.topic.fault?.message}`
      this.around.refusals.add('oversizePublishes', this, reason)
    }
    this.pace?.spend()
    this.around.take(this, publish)
  }

  /** Closes the connection for a packet that the client sent. */
  private refuse(error: Error): void {
    if (error instanceof ProtocolViolation && error.answer) this.writer.send(error.answer)
    const refusal = packetRefusal(error)
    if (refusal) this.around.refusals.add(refusal.kind, this, refusal.reason)
    this.destroy(error)
  }

  private refuseUnread(unread: number): void {
    const reason = `was disconnected: it does not read ${unread} bytes that it subscribed to; subscribe to less`
    this.around.refusals.add('notReading', this, reason)
    this.destroy(new Error(`${unread} bytes wait for a client that does not read them`))
  }

  /**
   * Goes on with a handshake. Nothing is remembered of one: a publish of QoS 2 that comes again has the same
   * receipt, and what a subscriber does not acknowledge is not sent again, as every session is a clean one.
   */
  private answer(): void {
    const { bytes, start, end } = this.packets
    checkPacket(bytes, start, end, false)
    const header = bytes[start]!
    const messageId = (bytes[end - 2]! << 8) | bytes[end - 1]!
    if (header === pubrecHeader) this.writer.acknowledge(pubrelHeader, messageId)
    if (header === pubrelHeader) this.writer.acknowledge(pubcompHeader, messageId)
  }
}

const recordedFrom = 1_024
const publishType = 3
const pubcompType = 7
const pubackHeader = 0x40
const pubrecHeader = 0x50
const pubrelHeader = 0x62
const pubcompHeader = 0x70
const advance = (connection: Connection): void => connection.advance()
