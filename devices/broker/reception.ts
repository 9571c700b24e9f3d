import type { Socket } from 'node:net'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import { ConnectRate } from './connect-rate.ts'
import { Connection, type Surroundings } from './connection.ts'
import type { BrokerLimits } from './limits.ts'
import { Newcomers } from './newcomers.ts'
import type { Refusals } from './refusals.ts'
import { SharedIds } from './shared-ids.ts'

export interface ReceptionOptions {
  readonly limits: BrokerLimits
  /** Files and sockets that the process may have open. */
  readonly openFiles: number
  readonly clock: WallClock
  readonly refusals: Refusals
}

/** Knows all connections, with an accepted CONNECT and without, and holds both to their limits. */
export class Reception {
  /** Those with an accepted CONNECT. */
  readonly clients: ReadonlySet<Connection>
  private readonly limits: BrokerLimits
  private readonly openFiles: number
  private readonly clock: WallClock
  private readonly refusals: Refusals
  private readonly rate: ConnectRate
  private readonly accepted = new Set<Connection>()
  private readonly byId = new Map<string, Connection>()
  private readonly sharedIds = new SharedIds()
  private readonly newcomers = new Newcomers()

  constructor({ limits, openFiles, clock, refusals }: ReceptionOptions) {
    this.clients = this.accepted
    this.limits = limits
    this.openFiles = openFiles
    this.clock = clock
    this.refusals = refusals
    this.rate = new ConnectRate(limits)
  }

  /** The connection of a new socket; undefined when it is refused, and then closed. */
  receive(socket: Socket, around: Surroundings): Connection | undefined {
    const { newcomers, accepted } = this
    const reason = this.reasonToRefuse(socket.remoteAddress ?? '')
    if (reason !== undefined) {
      this.refusals.add('refusedConnections', { clientId: '', remote: socket.remoteAddress ?? '' }, reason)
      socket.destroy()
      return undefined
    }
    const connection = new Connection(socket, around)
    connection.once('close', () => {
      newcomers.delete(connection)
      accepted.delete(connection)
      if (this.byId.get(connection.clientId) === connection) this.byId.delete(connection.clientId)
    })
    newcomers.add(connection)
    this.makeRoom()
    return connection
  }

  /** A CONNECT has come on `connection` that names the client `id`. */
  noteId(id: string, connection: Connection): void {
    const other = this.byId.get(id)
    if (!other || other.destroyed || !this.sharedIds.isShared(id, this.clock.monotonic())) return
    const from = { clientId: id, remote: connection.remote }
    const reason = `has the id of a connected client of ${other.remote}: they disconnect each other; give each an id of its own`
    this.refusals.add('sharedClientIds', from, reason)
  }

  /** Its CONNECT was accepted. */
  accept(connection: Connection, clientId: string): void {
    this.newcomers.delete(connection)
    if (connection.destroyed) return
    this.accepted.add(connection)
    this.byId.set(clientId, connection)
    connection.accept(clientId)
  }

  /** Closes all connections without an accepted CONNECT. */
  dismissNewcomers(): void {
    for (const connection of this.newcomers) connection.destroy()
  }

  /** Connections that there may be, so that files and NATS find a descriptor too. */
  private get room(): number {
    return Math.max(leastConnections, this.openFiles - otherDescriptors)
  }

  private reasonToRefuse(address: string): string | undefined {
    const { connections, connectsPerSecond } = this.limits
    const clients = this.accepted.size
    if (clients >= connections) return `was refused: ${clients} are connected, as many as limits.connections`
    if (clients >= this.room)
      return `was refused: ${clients} are connected, and no more than ${this.openFiles} files may be open; raise that with ulimit -n, or LimitNOFILE of systemd`
    return this.rate.allows(address, this.clock.monotonic())
      ? undefined
      : `was refused: more than ${connectsPerSecond} a second connect; let them wait longer before they try again`
  }

  private makeRoom(): void {
    const { newcomers, accepted } = this
    const most = Math.min(this.limits.unauthenticated, this.room - accepted.size)
    if (newcomers.size <= most) return
    const oldest = newcomers.oldestOfMost()
    if (!oldest) return
    const reason = `was disconnected: it sent no CONNECT, and ${most} other connections have sent none either`
    this.refusals.add('refusedConnections', oldest, reason)
    newcomers.delete(oldest)
    oldest.destroy()
  }
}

/** Of the store, NATS, standard streams and what Node has open itself. */
const otherDescriptors = 128
const leastConnections = 16
