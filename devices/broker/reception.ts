import type { Socket } from 'node:net'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import type { BrokerCounts } from './broker-counts.ts'
import { ConnectRate } from './connect-rate.ts'
import { Connection } from './connection.ts'
import type { ConnectionContext } from './connection-context.ts'
import type { BrokerLimits } from './limits.ts'
import { Newcomers } from './newcomers.ts'

/** Knows all connections, with an accepted CONNECT and without, and holds both to their limits. */
export class Reception {
  /** Whose CONNECT was accepted. */
  readonly clients: ReadonlySet<Connection>
  private readonly limits: BrokerLimits
  private readonly clock: WallClock
  private readonly counts: BrokerCounts
  private readonly rate: ConnectRate
  private readonly accepted = new Set<Connection>()
  private readonly newcomers: Newcomers

  constructor(limits: BrokerLimits, clock: WallClock, counts: BrokerCounts) {
    this.clients = this.accepted
    this.limits = limits
    this.clock = clock
    this.counts = counts
    this.rate = new ConnectRate(limits)
    this.newcomers = new Newcomers(limits.unauthenticated)
  }

  /** The connection of a new socket; undefined when it is refused, and then closed. */
  receive(socket: Socket, around: ConnectionContext): Connection | undefined {
    const { limits, newcomers, accepted } = this
    const isFull = accepted.size >= limits.connections
    if (isFull || !this.rate.allows(socket.remoteAddress ?? '', this.clock.monotonic())) {
      this.counts.refusedConnections++
      socket.destroy()
      return undefined
    }
    const connection = new Connection(socket, around)
    connection.once('close', () => {
      newcomers.delete(connection)
      accepted.delete(connection)
    })
    const oldest = newcomers.add(connection)
    if (oldest) {
      this.counts.refusedConnections++
      newcomers.delete(oldest)
      oldest.destroy()
    }
    return connection
  }

  /** Its CONNECT was accepted. */
  accept(connection: Connection, clientId: string): void {
    this.newcomers.delete(connection)
    if (connection.destroyed) return
    this.accepted.add(connection)
    connection.accept(clientId)
  }

  /** Closes all connections without an accepted CONNECT. */
  dismissNewcomers(): void {
    for (const connection of this.newcomers) connection.destroy()
  }
}
