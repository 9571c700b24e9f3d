import { Backlog } from './backlog.ts'
import { checkPacket } from './check-packet.ts'
import type { BrokerLimits } from './limits.ts'
import { OversizePublish } from './oversize-publish.ts'
import { ProtocolViolation } from './packet-fields.ts'
import { PacketTooLong, packetLength } from './packet-length.ts'
import { type Publish, readPublish } from './publish.ts'
import type { TopicBook } from './topic-book.ts'

/**
 * Splits the bytes that a client sends into packets of bounded length. The current packet is
 * `[start, end)` of `bytes` once `find` has found it, and stays current until `advance`. A PUBLISH that is
 * too long has been dropped by then, except for its beginning.
 */
export class IncomingPackets {
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  end = 0
  private readonly limits: BrokerLimits
  private readonly topics: TopicBook
  private readonly backlog = new Backlog()
  /** The current packet, when it is longer than `packetBytes`. */
  private oversize: OversizePublish | undefined

  constructor(limits: BrokerLimits, topics: TopicBook) {
    this.limits = limits
    this.topics = topics
  }

  /** Bytes that have arrived and are not handed over. */
  get length(): number {
    return this.backlog.length - this.start
  }

  /** Bytes of memory that they take. */
  get heldBytes(): number {
    return this.backlog.heldBytes
  }

  /** The type of the current packet: the upper four bits of its first byte. */
  get type(): number {
    return this.oversize ? publishType : this.bytes[this.start]! >> 4
  }

  append(bytes: Buffer): void {
    this.backlog.append(bytes)
    this.bytes = this.backlog.bytes
  }

  /**
   * Whether the current packet has arrived as a whole.
   *
   * @param mayDrop whether a PUBLISH that is too long is dropped and can be acknowledged.
   * @throws PacketTooLong
   */
  find(mayDrop: boolean): boolean {
    const { packetBytes } = this.limits
    const length = this.oversize ? 0 : packetLength(this.bytes, this.start)
    if (length > packetBytes) {
      if (!mayDrop || this.type !== publishType)
        throw new PacketTooLong(`a packet of ${length} bytes is longer than ${packetBytes}`)
      this.oversize = new OversizePublish(length, this.limits, this.topics)
    }
    if (this.oversize) return this.drop(this.oversize)
    this.end = this.start + length
    return length > 0 && this.end <= this.bytes.length
  }

  /**
   * The current packet, which is a PUBLISH.
   * @throws ProtocolViolation
   */
  publish(): Publish {
    const { bytes, start, end, oversize, topics } = this
    const publish = oversize ? oversize.publish : readPublish(bytes, start, end, topics)
    if (publish) return publish
    checkPacket(bytes, start, end, false)
    throw new ProtocolViolation('a PUBLISH that cannot be read')
  }

  /** Goes on to the packet behind the current one. */
  advance(): void {
    this.start = this.end
    this.oversize = undefined
  }

  /** Lets go of the bytes before the current packet, once they are half of all: what is left is copied. */
  compact(): void {
    if (2 * this.start < this.backlog.length) return
    this.backlog.remove(this.start)
    this.bytes = this.backlog.bytes
    this.start = 0
  }

  private drop(oversize: OversizePublish): boolean {
    this.start = oversize.drop(this.bytes, this.start)
    this.end = this.start
    return oversize.isWhole
  }
}

const publishType = 3
