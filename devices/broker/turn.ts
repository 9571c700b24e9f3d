/**
 * The turn of one client: a share of the time of the event loop. It is spent by the clock, and by what the
 * clock does not see because it is done later, such as writing a publish to the disk.
 */
export class Turn {
  /** Whether the client has to leave the rest of its work for its next turn. */
  isOver = false
  private readonly now: () => number
  private start = 0
  private length = 0
  private charged = 0
  private unseen = 0

  /** @param now milliseconds of the monotonic clock. */
  constructor(now: () => number) {
    this.now = now
  }

  begin(start: number, lengthMs: number): void {
    this.isOver = false
    this.start = start
    this.length = lengthMs
    this.charged = 0
    this.unseen = 0
  }

  /** A packet of `bytes` was handed over, which costs `costMs` later, beyond the cost of its bytes. */
  spend(bytes: number, costMs = 0): void {
    this.charged += bytes * byteMs + costMs
    this.unseen += bytes + packetBytes
    if (this.unseen < looksEvery && costMs === 0) return
    this.unseen = 0
    this.isOver = this.spentAt(this.now()) >= this.length
  }

  /** Milliseconds spent by the moment `now`. */
  spentAt(now: number): number {
    return now - this.start + this.charged
  }
}

/** Reading, copying and journaling a byte: 64 kB are 0.7 ms. */
const byteMs = 1e-5
/** The clock is asked once for so many bytes, where a packet counts as `packetBytes` more than it has. */
const looksEvery = 1_024
const packetBytes = 64
