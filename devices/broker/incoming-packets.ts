import { Backlog } from './backlog.ts'
import type { BrokerLimits } from './limits.ts'
import { packetEnd } from './packet-end.ts'

/**
 * Splits the bytes that a client sends into packets of bounded length. The current packet is
 * `[start, end)` of `bytes` once `find` has found it, and stays current until `advance`.
 */
export class IncomingPackets {
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  end = 0
  private readonly limits: BrokerLimits
  private readonly backlog = new Backlog()

  constructor(limits: BrokerLimits) {
    this.limits = limits
  }

  /** Bytes that have arrived and are kept. */
  get length(): number {
    return this.backlog.length
  }

  /** The type of the current packet: the upper four bits of its first byte. */
  get type(): number {
    return this.bytes[this.start]! >> 4
  }

  append(bytes: Buffer): void {
    this.backlog.append(bytes)
    this.bytes = this.backlog.bytes
  }

  /**
   * Whether the current packet has arrived as a whole.
   * @throws PacketTooLong
   */
  find(): boolean {
    this.end = packetEnd(this.bytes, this.start, this.limits.packetBytes)
    return this.end >= 0
  }

  /** Goes on to the packet behind the current one. */
  advance(): void {
    this.start = this.end
  }

  /** Lets go of the bytes before the current packet. */
  compact(): void {
    this.backlog.remove(this.start)
    this.bytes = this.backlog.bytes
    this.start = 0
  }
}
