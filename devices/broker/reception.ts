import type { Socket } from 'node:net'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import type { BrokerCounts } from './broker-counts.ts'
import { Connection, type Surroundings } from './connection.ts'
import type { BrokerLimits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

/** Who is connected, and who has yet to say who it is: no more of either than the limits allow. */
export class Reception {
  /** Whose CONNECT was accepted. */
  readonly clients: ReadonlySet<Connection>
  private readonly limits: BrokerLimits
  private readonly clock: WallClock
  private readonly counts: BrokerCounts
  private readonly connects: TokenBucket
  private readonly accepted = new Set<Connection>()
  private readonly newcomers = new Set<Connection>()

  constructor(limits: BrokerLimits, clock: WallClock, counts: BrokerCounts) {
    this.clients = this.accepted
    this.limits = limits
    this.clock = clock
    this.counts = counts
    this.connects = new TokenBucket(limits.connectsPerSecond, limits.connectsBurst)
  }

  /** The connection of a new socket; undefined when it is refused, and then closed. */
  receive(socket: Socket, around: Surroundings): Connection | undefined {
    const { limits, newcomers, accepted } = this
    const crowded = newcomers.size >= limits.unauthenticated || accepted.size >= limits.connections
    if (crowded || !this.connects.take(this.clock.monotonic())) {
      this.counts.refusedConnections++
      socket.destroy()
      return undefined
    }
    const connection = new Connection(socket, around)
    newcomers.add(connection)
    connection.once('close', () => {
      newcomers.delete(connection)
      accepted.delete(connection)
    })
    return connection
  }

  /** Its CONNECT was accepted. */
  accept(connection: Connection, clientId: string): void {
    this.newcomers.delete(connection)
    if (connection.destroyed) return
    this.accepted.add(connection)
    connection.accept(clientId)
  }

  /** Sends away who has not said who it is. */
  dismissNewcomers(): void {
    for (const connection of this.newcomers) connection.destroy()
  }
}
