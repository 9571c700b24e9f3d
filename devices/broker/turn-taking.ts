import { Turn } from './turn.ts'

/**
 * Milliseconds of credit of a new client: enough to connect and publish before others have their turn, and
 * too little to gain by connecting again and again.
 */
export const firstCredit = 0.25

/** A client that takes turns with the others. */
export interface TurnTaker {
  /** Milliseconds that it may work for before others have their turn; negative when it worked for longer. */
  credit: number
  /**
   * Works until it has nothing to do now, or the turn is over.
   * @returns whether the turn ended first
   */
  work(turn: Turn): boolean
}

/**
 * Shares the time of the event loop among clients, by deficit round robin: each turn is paid from a credit,
 * and a client without credit gets some more behind all others. A client that had little to do still has
 * credit when something arrives from it, and goes first. Each turn of the event loop has a few milliseconds
 * of this work, so that everything else goes on beside it.
 *
 * Shreedhar and Varghese, "Efficient Fair Queuing Using Deficit Round-Robin", 1996; that some go first is
 * from FQ-CoDel, RFC 8290.
 */
export class TurnTaking {
  private readonly now: () => number
  private readonly turn: Turn
  private readonly first = new Set<TurnTaker>()
  private readonly others = new Set<TurnTaker>()
  private scheduled = false

  /** @param now milliseconds of the monotonic clock. */
  constructor(now: () => number) {
    this.now = now
    this.turn = new Turn(now)
  }

  /** The client has something to do. */
  add(client: TurnTaker): void {
    if (this.first.has(client) || this.others.has(client)) return
    const queue = client.credit > 0 ? this.first : this.others
    queue.add(client)
    this.schedule()
  }

  /** The client has nothing more to do, or is gone. */
  forget(client: TurnTaker): void {
    this.first.delete(client)
    this.others.delete(client)
  }

  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(() => this.work())
  }

  private work(): void {
    let now = this.now()
    const end = now + this.sliceMs
    while (now < end) {
      const client = this.next()
      if (!client) break
      if (client.credit <= 0) {
        client.credit += turnMs
        this.others.delete(client)
        this.others.add(client)
        continue
      }
      this.turn.begin(now, Math.min(client.credit, end - now))
      const hasMore = client.work(this.turn)
      now = this.now()
      client.credit -= this.turn.spentAt(now)
      if (!hasMore) this.forget(client)
      else if (client.credit <= 0 && this.first.delete(client)) this.others.add(client)
    }
    this.scheduled = false
    if (this.first.size + this.others.size > 0) this.schedule()
  }

  /**
   * Milliseconds of this turn of the event loop. Each turn reads all sockets, so that the more clients there
   * are the less each would have to do in a short one, at the same cost of reading.
   */
  private get sliceMs(): number {
    const clients = this.first.size + this.others.size
    return Math.min(Math.max(shortestSliceMs, clients * clientMs), longestSliceMs)
  }

  private next(): TurnTaker | undefined {
    for (const client of this.first) return client
    for (const client of this.others) return client
    return undefined
  }
}

const shortestSliceMs = 5
const longestSliceMs = 20
/** Of a slice, for each client. */
const clientMs = 0.4
const turnMs = 1
