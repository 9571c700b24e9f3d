/** Collects the small packets of one turn of the event loop and sends them in one piece. */
export class PacketWriter {
  private bytes = Buffer.allocUnsafe(64)
  private end = 0
  private readonly send: (bytes: Buffer) => void

  constructor(send: (bytes: Buffer) => void) {
    this.send = send
  }

  /** A packet of a message id alone; `header` is its first byte. */
  acknowledge(header: number, messageId: number): void {
    this.reserve(acknowledgementBytes)
    this.bytes[this.end] = header
    this.bytes[this.end + 1] = 2
    this.bytes[this.end + 2] = messageId >> 8
    this.bytes[this.end + 3] = messageId & 0xff
    this.end += acknowledgementBytes
  }

  /** A packet that others may be sent too: a large one is not copied. */
  write(packet: Buffer): void {
    if (packet.length > largestCopied) {
      this.flush()
      this.send(packet)
    } else {
      if (this.end > largestPiece) this.flush()
      this.reserve(packet.length)
      this.bytes.set(packet, this.end)
      this.end += packet.length
    }
  }

  flush(): void {
    const { bytes, end } = this
    if (end === 0) return
    this.end = 0
    this.bytes = Buffer.allocUnsafe(Math.max(64, Math.min(end, largestKept)))
    this.send(bytes.subarray(0, end))
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
const flush = (writer: PacketWriter): void => writer.flush()
