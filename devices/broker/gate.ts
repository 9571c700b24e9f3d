/** A connection that has a publish to hand over and waits for the gate. */
export interface Waiting {
  advance(): void
}

/**
 * Bounds what is taken and not yet acknowledged, over all connections. At the limit every connection stops
 * handing over, and goes on below half of it, each for a while in turn.
 */
export class Gate {
  held = 0
  heldBytes = 0
  private readonly limit: { readonly publishes: number; readonly bytes: number }
  private readonly waiting = new Set<Waiting>()
  private full = false
  private shut = true

  constructor(limit: { readonly publishes: number; readonly bytes: number }) {
    this.limit = limit
  }

  /** Whether a connection that has handed over `count` publishes in a row may go on. */
  passes(count: number): boolean {
    return !this.full && !this.shut && (count < inARow || this.waiting.size === 0)
  }

  /** Calls `connection.advance()` when it is its turn. */
  wait(connection: Waiting): void {
    this.waiting.add(connection)
  }

  forget(connection: Waiting): void {
    this.waiting.delete(connection)
  }

  take(bytes: number): void {
    this.held++
    this.heldBytes += bytes
    if (this.held >= this.limit.publishes || this.heldBytes >= this.limit.bytes) this.full = true
  }

  release(bytes: number): void {
    this.held--
    this.heldBytes -= bytes
    if (!this.full || this.held > this.limit.publishes / 2 || this.heldBytes > this.limit.bytes / 2) return
    this.full = false
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

  private wake(): void {
    for (const connection of this.waiting) {
      if (this.full || this.shut) return
      this.waiting.delete(connection)
      connection.advance()
    }
  }
}

const inARow = 256
