/** A connection that has a publish to hand over and waits for the gate. */
export interface Waiting {
  readonly share: Share
  advance(): void
}

/** What is held of one client. */
export interface Amount {
  readonly publishes: number
  readonly bytes: number
  readonly readings: number
}

/** What is taken of one client and not yet acknowledged. */
export class Share implements Amount {
  publishes = 0
  bytes = 0
  readings = 0

  add({ bytes, readings }: Omit<Amount, 'publishes'>, sign: 1 | -1): void {
    this.publishes += sign
    this.bytes += sign * bytes
    this.readings += sign * readings
  }
}

/**
 * Bounds what is taken and not yet acknowledged, over all connections and for each: a connection may hold as
 * much as is free, so that a few at full blast leave room for others, and one alone has half of all. It goes
 * on when it holds half of that.
 *
 * Choudhury and Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet Switches", 1998.
 */
export class Gate {
  private readonly limit: Amount
  private readonly all = new Share()
  private readonly waiting = new Set<Waiting>()
  private shut = true
  private scheduled = false

  constructor(limit: Amount) {
    this.limit = limit
  }

  get held(): number {
    return this.all.publishes
  }

  get heldBytes(): number {
    return this.all.bytes
  }

  /** Whether a client of which `share` is held may hand over a publish. */
  passes(share: Share): boolean {
    return !this.shut && this.hasRoomFor(share, 1)
  }

  /** Calls `connection.advance()` when it may go on. */
  wait(connection: Waiting): void {
    this.waiting.add(connection)
  }

  forget(connection: Waiting): void {
    this.waiting.delete(connection)
  }

  take(share: Share, held: Omit<Amount, 'publishes'>): void {
    share.add(held, 1)
    this.all.add(held, 1)
  }

  release(share: Share, held: Omit<Amount, 'publishes'>): void {
    share.add(held, -1)
    this.all.add(held, -1)
    if (this.waiting.size === 0 || this.scheduled) return
    this.scheduled = true
    // The rest of a batch of acknowledgements comes first: waking in between would stretch it out.
    setImmediate(() => this.wake())
  }

  /** Somebody takes what arrives. */
  open(): void {
    this.shut = false
    this.wake()
  }

  /** Nobody takes what arrives any more. */
  close(): void {
    this.shut = true
  }

  private hasRoomFor({ publishes, bytes, readings }: Share, part: number): boolean {
    const { all, limit } = this
    return (
      publishes < part * (limit.publishes - all.publishes) &&
      bytes < part * (limit.bytes - all.bytes) &&
      readings < part * (limit.readings - all.readings)
    )
  }

  private wake(): void {
    this.scheduled = false
    if (this.shut) return
    for (const connection of this.waiting) {
      if (!this.hasRoomFor(connection.share, 0.5)) continue
      this.waiting.delete(connection)
      connection.advance()
    }
  }
}
