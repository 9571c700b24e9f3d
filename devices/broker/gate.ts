/** A connection that has something to hand over and waits for the gate. */
export interface Waiting {
  advance(): void
}

/**
 * Bounds what is taken and not yet acknowledged, over all connections. At the limit every connection stops
 * being read, and is read again below half of it. What one connection may hand over at once is its fair
 * share, so that together they overshoot by no more than the limit itself, however many they are.
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

  /** Publishes and bytes that one of `connections` may hand over now. None while the gate is closed. */
  share(connections: number): { publishes: number; bytes: number } {
    if (this.shut || this.full) return nothing
    const publishes = Math.max(1, Math.floor((this.limit.publishes - this.held) / connections))
    return { publishes, bytes: Math.max(0, Math.floor((this.limit.bytes - this.heldBytes) / connections)) }
  }

  /** Calls `connection.advance()` once the gate is open again. */
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
    this.wake()
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
    const connections = [...this.waiting]
    this.waiting.clear()
    for (const connection of connections) connection.advance()
  }
}

const nothing = { publishes: 0, bytes: 0 }
