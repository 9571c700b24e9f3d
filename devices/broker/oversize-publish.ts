import type { Surroundings } from './connection.ts'
import { packetLength } from './packet-end.ts'
import { ProtocolViolation } from './packet-fields.ts'
import { type Publish, readPublish } from './publish.ts'

/**
 * A PUBLISH longer than `packetBytes`, as it arrives: its beginning is read, and the rest dropped. It can
 * then be acknowledged, as one with a fault; a client whose connection was closed instead would connect
 * again and send it again, for ever.
 */
export class OversizePublish {
  private readonly around: Pick<Surroundings, 'limits' | 'topics'>
  private left: number
  private readonly length: number
  private read: Publish | undefined

  constructor(length: number, around: Pick<Surroundings, 'limits' | 'topics'>) {
    this.around = around
    this.length = length
    this.left = length
  }

  /** The publish once all of it has arrived. */
  get publish(): Publish | undefined {
    return this.left === 0 ? this.read : undefined
  }

  /**
   * Takes what there is of it in `bytes` from `start` on. Returns where the first byte is that it does not
   * take: one that follows it, or its own first one as long as not all of its beginning is there.
   * @throws ProtocolViolation when its beginning is not that of a PUBLISH.
   */
  take(bytes: Buffer, start: number): number {
    if (!this.read) {
      const end = start + this.around.limits.packetBytes
      if (end > bytes.length) return start
      this.read = this.readBeginning(bytes, start, end)
    }
    const taken = Math.min(this.left, bytes.length - start)
    this.left -= taken
    return start + taken
  }

  private readBeginning(bytes: Buffer, start: number, end: number): Publish {
    const { limits, topics } = this.around
    const publish = readPublish(bytes, start, end, topics)
    if (!publish) throw new ProtocolViolation(`a PUBLISH of ${this.length} bytes that cannot be read`)
    const payloadBytes = publish.payload.length + this.length - limits.packetBytes
    const message = `the payload of ${payloadBytes} bytes makes a packet longer than ${limits.packetBytes}: send less at a time`
    return {
      ...publish,
      // A copy, because the rest of the buffer may be long in coming.
      payload: Buffer.from(publish.payload.subarray(0, beginningKept)),
      tooLong: { payloadBytes, fault: { kind: 'payload too long', message } },
    }
  }
}

const beginningKept = 1_024

/** The PUBLISH at `start`, when it is too long to be read as a whole and not too long to be dropped. */
export const oversizePublish = (
  bytes: Buffer,
  start: number,
  around: Pick<Surroundings, 'limits' | 'topics'>,
): OversizePublish | undefined => {
  if (bytes[start]! >> 4 !== 3) return undefined
  const length = packetLength(bytes, start)
  const { packetBytes, discardBytes } = around.limits
  return length > packetBytes && length <= discardBytes ? new OversizePublish(length, around) : undefined
}
