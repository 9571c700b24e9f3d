import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { excerpt } from '../formats/excerpt.ts'
import { checkPacket } from './check-packet.ts'
import type { ConnectionContext } from './connection-context.ts'
import { Share, type Waiting } from './gate.ts'
import { handshakeReply, puback, pubrec } from './handshake.ts'
import { IncomingPackets } from './incoming-packets.ts'
import type { MemoryHolder } from './memory-budget.ts'
import type { Pace } from './pace.ts'
import { ProtocolViolation } from './packet-fields.ts'
import type { Publish } from './publish.ts'
import { refusalOf } from './refusal-of.ts'
import type { Sender, SettledPublish } from './sender.ts'
import { SocketWriter } from './socket-writer.ts'
import type { Subscriber } from './subscriber.ts'
import type { Turn } from './turn.ts'
import { firstCredit, type TurnTaker } from './turn-taking.ts'

/**
 * A client's socket as the broker sees it. It splits what arrives into packets of bounded length. Publishes
 * are taken here, in turns with other clients and as the gate allows, and their acknowledgements leave here,
 * all of one turn of the event loop in one write, as do the publishes that subscribers are sent. CONNECT,
 * SUBSCRIBE, UNSUBSCRIBE and DISCONNECT go to Aedes, which reads this stream: CONNECT alone until it is
 * accepted, and one at a time after it, in order with the publishes. A client that does not read what it is
 * sent is disconnected instead of being waited for.
 */
export class Connection extends Duplex implements Waiting, TurnTaker, Sender, Subscriber, MemoryHolder {
  clientId = ''
  /** Whether the client chose its id, and so may return under it. */
  named = false
  /** CONNACK code with which the CONNECT is to be refused, 0 when it is not. */
  refusal = 0
  /** Milliseconds of silence after which the client counts as gone, Infinity when it may be silent. */
  patience = Number.POSITIVE_INFINITY
  readonly remote: string
  readonly share = new Share()
  credit = firstCredit
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
    this.writer = new SocketWriter(socket, around.limits.unreadBytes, (reason) => this.refuse(reason))
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
        this.writer.acknowledge(qos === 1 ? puback : pubrec, messageId)
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

  /** Has a turn soon, and then hands over what is there and allowed. */
  advance(): void {
    if (!this.destroyed) this.around.turns.add(this)
  }

  work(turn: Turn): boolean {
    try {
      const hasMore = this.handOverPackets(turn)
      if (!this.destroyed) this.settleRead()
      return hasMore
    } catch (error) {
      this.refuse(error as Error)
      return false
    }
  }

  override _read(): void {
    this.wanted = true
    this.advance()
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
    this.around.turns.forget(this)
    this.around.fanOut.forget(this)
    this.around.memory.forget(this)
    this.pace?.stop()
    this.socket.destroy()
    done(error)
  }

  private receive(bytes: Buffer): void {
    this.heard = this.around.now()
    this.packets.append(bytes)
    this.readOn()
    this.advance()
  }

  private finish(): void {
    this.ended = true
    this.advance()
  }

  /** Lets go of what was handed over, and reads on when there is room. */
  private settleRead(): void {
    const { packets } = this
    packets.compact()
    if (this.ended && this.wanted && !this.awaitsAccept && !packets.find(this.accepted)) this.push(null)
    this.readOn()
    this.recordMemory()
  }

  /** A client for which hardly anything is held is not worth a record. */
  private recordMemory(): void {
    const { heldBytes } = this
    if (Math.abs(heldBytes - this.recordedBytes) < recordedFrom || this.destroyed) return
    this.recordedBytes = heldBytes
    this.around.memory.record(this)
  }

  private readOn(): void {
    const wanted = this.packets.length < this.around.limits.packetBytes && !this.pace?.isWaiting
    if (wanted === !this.paused) return
    this.paused = !wanted
    if (!wanted) this.socket.pause()
    else {
      // It could not be heard meanwhile.
      this.heard = this.around.now()
      this.socket.resume()
    }
  }

  /** Hands over whole packets as long as it may. Returns whether the turn ended first. */
  private handOverPackets(turn: Turn): boolean {
    const { packets } = this
    while (!this.destroyed && !this.awaitsAccept && packets.find(this.accepted)) {
      if (turn.isOver) return true
      const { type } = packets
      if (!this.accepted || type > pubcompType) {
        // What follows waits until Aedes has it, so that nothing overtakes.
        if (this.wanted) this.handToAedes(turn)
        return false
      }
      if (type !== publishType) this.answer()
      else if (this.mayPublish()) this.takePublish()
      else return false
      turn.spend(packets.end - packets.start)
      packets.advance()
    }
    return false
  }

  /** Whether Aedes has the CONNECT and has not accepted it yet: nothing is handed over meanwhile. */
  private get awaitsAccept(): boolean {
    return this.introduced && !this.accepted
  }

  private handToAedes(turn: Turn): void {
    const { bytes, start, end } = this.packets
    turn.spend(end - start, aedesMs)
    checkPacket(bytes, start, end, !this.introduced)
    this.wanted = false
    this.introduced = true
    this.packets.advance()
    this.push(bytes.subarray(start, end))
  }

  /** Whether a publish may be taken now. If not, `advance` is called when it may. */
  private mayPublish(): boolean {
    if (this.around.gate.passes(this.share)) return !this.pace || this.pace.allows(this)
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

  /** Closes the connection for what the client did. */
  private refuse(error: Error): void {
    if (error instanceof ProtocolViolation && error.answer) this.writer.send(error.answer)
    const refusal = refusalOf(error)
    if (refusal) this.around.refusals.add(refusal.kind, this, refusal.reason)
    this.destroy(error)
  }

  private answer(): void {
    const { bytes, start, end } = this.packets
    checkPacket(bytes, start, end, false)
    const reply = handshakeReply(bytes[start]!)
    if (reply !== undefined) this.writer.acknowledge(reply, (bytes[end - 2]! << 8) | bytes[end - 1]!)
  }
}

const recordedFrom = 1_024
const publishType = 3
const pubcompType = 7
/** What Aedes does with a packet later costs about so many milliseconds. */
const aedesMs = 0.1
