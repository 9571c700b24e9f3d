import type { Socket } from 'node:net'

/** More bytes wait for a client than the limit, because it does not read them. */
export class UnreadBytes extends Error {
  override readonly name = 'UnreadBytes'
  readonly bytes: number

  constructor(bytes: number) {
    super(`${bytes} bytes wait for a client that does not read them`)
    this.bytes = bytes
  }
}

/**
 * Writes to a client. Small packets of one turn of the event loop leave in one piece. A client that does not
 * read what it is sent fails instead of being waited for.
 */
export class SocketWriter {
  private readonly socket: Socket
  private readonly unreadBytes: number
  private readonly fail: (reason: UnreadBytes) => void
  private bytes = Buffer.allocUnsafe(64)
  private end = 0

  /** @param fail called when more than `unreadBytes` wait for the client to read them. */
  constructor(socket: Socket, unreadBytes: number, fail: (reason: UnreadBytes) => void) {
    this.socket = socket
    this.unreadBytes = unreadBytes
    this.fail = fail
  }

  /** Bytes that wait for the client to read them. */
  get unread(): number {
    return this.socket.writableLength + this.end
  }

  /** Whether the client has yet to read what it was sent, so that what can wait should wait. */
  get isBehind(): boolean {
    return this.socket.writableNeedDrain
  }

  /** Writes a packet that has a message id and nothing else, at the end of the turn. */
  acknowledge(header: number, messageId: number): void {
    this.reserve(acknowledgementBytes)
    this.bytes[this.end] = header
    this.bytes[this.end + 1] = 2
    this.bytes[this.end + 2] = messageId >> 8
    this.bytes[this.end + 3] = messageId & 0xff
    this.end += acknowledgementBytes
  }

  /** Writes a packet at the end of the turn. A large one is not copied: others may be sent the same bytes. */
  write(packet: Buffer): void {
    if (packet.length > largestCopied) this.send(packet)
    else {
      if (this.end > largestPiece) this.flush()
      this.reserve(packet.length)
      this.bytes.set(packet, this.end)
      this.end += packet.length
    }
  }

  /** Writes now, behind what waits for the end of the turn. */
  send(bytes: Buffer): void {
    this.flush()
    this.pass(bytes)
  }

  flush(): void {
    const { bytes, end } = this
    if (end === 0) return
    this.end = 0
    this.bytes = Buffer.allocUnsafe(Math.max(64, Math.min(end, largestKept)))
    this.pass(bytes.subarray(0, end))
  }

  private pass(bytes: Buffer): void {
    if (this.socket.destroyed) return
    this.socket.write(bytes)
    const unread = this.socket.writableLength
    if (unread > this.unreadBytes) this.fail(new UnreadBytes(unread))
  }

  private reserve(length: number): void {
    if (this.end === 0) process.nextTick(flush, this)
    if (this.end + length <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.end + length, 2 * this.bytes.length))
    larger.set(this.bytes)
    this.bytes = larger
  }
}

const acknowledgementBytes = 4
const largestKept = 4_096
const largestCopied = 4_096
const largestPiece = 65_536
const flush = (writer: SocketWriter): void => writer.flush()
