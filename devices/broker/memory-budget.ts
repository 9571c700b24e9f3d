import type { BrokerLimits } from './limits.ts'
import type { Refusals } from './refusals.ts'

/** A client for which bytes are held. */
export interface MemoryHolder {
  readonly clientId: string
  /** The address that it connects from. */
  readonly remote: string
  /** Bytes held for it now. */
  readonly heldBytes: number
  /** Whether the broker makes it wait, and it is not its fault that they are held. */
  readonly isWaiting: boolean
  /** Disconnects it, so that nothing is held for it any more. */
  destroy(reason: Error): void
}

type MemoryLimits = Pick<
  BrokerLimits,
  'memoryBytes' | 'heldBytes' | 'retainedBytes' | 'fanOutBytes' | 'willBytes'
>

/**
 * The one bound on all bytes that are held for clients. What is held for all of them together, such as
 * unacknowledged publishes, has bounds of its own at which publishers wait; the rest of the budget is for
 * what single connections hold: bytes that arrived and are not handed over, and bytes that a client does not
 * read. Beyond the budget those that hold most are disconnected, first of all those that the broker does not
 * make wait.
 */
export class MemoryBudget {
  private readonly limit: number
  private readonly shared: readonly { readonly heldBytes: number }[]
  private readonly refusals: Pick<Refusals, 'add'>
  private readonly held = new Map<MemoryHolder, number>()
  private connectionBytes = 0

  /**
   * @param shared what is held for all clients together.
   * @throws RangeError when the limits of these leave nothing for single clients.
   */
  constructor(
    limits: MemoryLimits,
    shared: readonly { readonly heldBytes: number }[],
    refusals: Pick<Refusals, 'add'>,
  ) {
    const { memoryBytes, heldBytes, retainedBytes, fanOutBytes, willBytes } = limits
    const sharedBytes = heldBytes + retainedBytes + fanOutBytes + willBytes
    if (!(memoryBytes > sharedBytes))
      throw new RangeError(
        `limits: memoryBytes ${memoryBytes} is not more than heldBytes, retainedBytes, fanOutBytes and ` +
          `willBytes together, ${sharedBytes}: raise memoryBytes, or lower one of these`,
      )
    this.limit = memoryBytes
    this.shared = shared
    this.refusals = refusals
  }

  /** Bytes held for all clients, as last recorded. */
  get heldBytes(): number {
    return this.shared.reduce((sum, { heldBytes }) => sum + heldBytes, this.connectionBytes)
  }

  /** Records what is held for a client now. */
  record(holder: MemoryHolder): void {
    const { heldBytes } = holder
    const change = heldBytes - (this.held.get(holder) ?? 0)
    if (heldBytes === 0) this.held.delete(holder)
    else this.held.set(holder, heldBytes)
    this.connectionBytes += change
    if (change > 0 && this.heldBytes > this.limit) this.relieve()
  }

  /** The client is gone. */
  forget(holder: MemoryHolder): void {
    this.connectionBytes -= this.held.get(holder) ?? 0
    this.held.delete(holder)
  }

  /** Disconnects until an eighth of the budget is free, so that the next record does not look again. */
  private relieve(): void {
    // A client may have read meanwhile.
    for (const holder of [...this.held.keys()]) {
      const { heldBytes } = holder
      this.connectionBytes += heldBytes - this.held.get(holder)!
      this.held.set(holder, heldBytes)
    }
    if (this.heldBytes <= this.limit) return
    const largestFirst = [...this.held].sort(
      ([one, bytes], [other, otherBytes]) =>
        Number(one.isWaiting) - Number(other.isWaiting) || otherBytes - bytes,
    )
    for (const [holder, bytes] of largestFirst) {
      if (this.heldBytes <= (this.limit * 7) / 8) return
      this.forget(holder)
      const reason = `was disconnected: ${bytes} bytes are held for it, and more than ${this.limit} for all clients; let it read what it subscribed to, or raise limits.memoryBytes`
      this.refusals.add('disconnectedForMemory', holder, reason)
      holder.destroy(new Error(`${bytes} bytes are held for a client, and all clients hold too many`))
    }
  }
}
