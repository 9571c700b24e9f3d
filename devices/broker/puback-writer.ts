/** Collects the PUBACKs of one turn of the event loop and sends them in one piece. */
export class PubackWriter {
  private bytes = Buffer.allocUnsafe(64)
  private end = 0
  private readonly send: (bytes: Buffer) => void

  constructor(send: (bytes: Buffer) => void) {
    this.send = send
  }

  write(messageId: number): void {
    if (this.end === 0) process.nextTick(flush, this)
    if (this.end + pubackBytes > this.bytes.length) {
      const larger = Buffer.allocUnsafe(2 * this.bytes.length)
      larger.set(this.bytes)
      this.bytes = larger
    }
    this.bytes[this.end] = 0x40
    this.bytes[this.end + 1] = 2
    this.bytes[this.end + 2] = messageId >> 8
    this.bytes[this.end + 3] = messageId & 0xff
    this.end += pubackBytes
  }

  flush(): void {
    const { bytes, end } = this
    this.end = 0
    this.bytes = Buffer.allocUnsafe(Math.max(64, Math.min(end, largestKept)))
    this.send(bytes.subarray(0, end))
  }
}

const pubackBytes = 4
const largestKept = 4_096
const flush = (writer: PubackWriter): void => writer.flush()
