import type { BrokerLimits } from './limits.ts'
import { ProtocolViolation } from './packet-fields.ts'
import { type Publish, readPublish } from './publish.ts'
import type { TopicBook } from './topic-book.ts'

/**
 * A PUBLISH longer than `packetBytes`, as it arrives: its beginning is read, and the rest dropped. It can
 * then be acknowledged, as one with a fault. A client whose connection was closed instead would connect
 * again and send it again, for ever.
 */
export class OversizePublish {
  /** Its beginning, once that has arrived. */
  publish: Publish | undefined
  private readonly length: number
  private left: number
  private readonly limits: BrokerLimits
  private readonly topics: TopicBook

  constructor(length: number, limits: BrokerLimits, topics: TopicBook) {
    this.length = length
    this.left = length
    this.limits = limits
    this.topics = topics
  }

  /** Whether all of it has arrived. */
  get isWhole(): boolean {
    return this.left === 0
  }

  /**
   * Drops what there is of it in `bytes` from `start` on. Returns the place of the first byte that is kept:
   * the one behind it, or its own first one until its beginning is there.
   * @throws ProtocolViolation when its beginning is not that of a PUBLISH.
   */
  drop(bytes: Buffer, start: number): number {
    if (!this.publish) {
      const end = start + this.limits.packetBytes
      if (end > bytes.length) return start
      this.publish = this.readBeginning(bytes, start, end)
    }
    const dropped = Math.min(this.left, bytes.length - start)
    this.left -= dropped
    return start + dropped
  }

  private readBeginning(bytes: Buffer, start: number, end: number): Publish {
    const publish = readPublish(bytes, start, end, this.topics)
    if (!publish)
      throw new ProtocolViolation(`a PUBLISH of ${this.length} bytes has a header that cannot be read`)
    const wholeBytes = publish.payload.length + this.length - this.limits.packetBytes
    const message = `the payload of ${wholeBytes} bytes makes a packet longer than ${this.limits.packetBytes}: send less in one publish, or raise packetBytes`
    return {
      ...publish,
      // As for a bad topic, no subscriber sees it, and it is not retained.
      topic: { ...publish.topic, fault: { kind: 'payload too long', message } },
      // A copy, so that the chunk that it came in is let go while the rest arrives.
      payload: Buffer.from(publish.payload.subarray(0, beginningKept)),
      wholeBytes,
    }
  }
}

/** As much as a dead letter shows. */
const beginningKept = 1_024
