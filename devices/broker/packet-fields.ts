import { isUtf8 } from 'node:buffer'

/** A packet that MQTT 3.1.1 does not allow. Its connection is closed, after `answer` if there is one. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation'
  readonly answer: Buffer | undefined

  constructor(message: string, answer?: Buffer) {
    super(message)
    this.answer = answer
  }
}

/** A CONNECT of a version that is not spoken here, such as MQTT 5. */
export class UnsupportedVersion extends ProtocolViolation {
  readonly version: string

  constructor(version: string) {
    super(`a CONNECT of ${version}`, versionRefused)
    this.version = version
  }
}

/** CONNACK 1: unacceptable protocol version. */
const versionRefused = Buffer.from([0x20, 2, 0, 1])

/**
 * Reads the fields of one MQTT packet in their order. Every method throws a ProtocolViolation that names
 * the packet and the field when the packet ends before the field does, or the field holds what no such
 * field may.
 */
export class PacketFields {
  readonly packet: string
  private readonly bytes: Buffer
  private readonly end: number
  private place: number

  /** @param start of the fields: behind the length of the packet, which ends at `end`. */
  constructor(packet: string, bytes: Buffer, start: number, end: number) {
    this.packet = packet
    this.bytes = bytes
    this.place = start
    this.end = end
  }

  get isAtEnd(): boolean {
    return this.place === this.end
  }

  byte(field: string): number {
    return this.bytes[this.skip(1, field)]!
  }

  number(field: string): number {
    return this.bytes.readUInt16BE(this.skip(2, field))
  }

  /** Bytes behind their number. */
  block(field: string): Buffer {
    const start = this.skip(this.number(field), field)
    return this.bytes.subarray(start, this.place)
  }

  /** UTF-8 without U+0000, behind its number of bytes. */
  text(field: string): string {
    const block = this.block(field)
    if (!isUtf8(block)) this.violate(`a ${field} that is not valid UTF-8`)
    if (block.includes(0)) this.violate(`a ${field} with the character U+0000`)
    return block.toString()
  }

  messageId(): void {
    if (this.number('message id') === 0) this.violate('message id 0: ids go from 1 to 65535')
  }

  /** Skips what is left. */
  rest(): void {
    this.place = this.end
  }

  /** Nothing may follow. */
  close(): void {
    if (!this.isAtEnd) this.violate(`${this.end - this.place} bytes behind its last field`)
  }

  violate(fault: string): never {
    throw new ProtocolViolation(`${this.packet} has ${fault}`)
  }

  private skip(length: number, field: string): number {
    const start = this.place
    if (start + length > this.end) this.violate(`a ${field} that ends behind the packet`)
    this.place += length
    return start
  }
}
