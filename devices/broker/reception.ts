import type { Socket } from 'node:net'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import { ConnectRate } from './connect-rate.ts'
import { Connection } from './connection.ts'
import type { ConnectionContext } from './connection-context.ts'
import type { BrokerLimits } from './limits.ts'
import { Newcomers } from './newcomers.ts'
import type { RefusalKind, Refusals } from './refusals.ts'
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
  /** Connections that leave a file descriptor for the store and NATS. */
  private readonly room: number
  private readonly openFilesRemedy: string
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
    this.room = Math.max(leastConnections, openFiles - otherDescriptors)
    this.openFilesRemedy = `this process may open ${openFiles} files: raise that with ulimit -n, or LimitNOFILE of systemd`
    this.clock = clock
    this.refusals = refusals
    this.rate = new ConnectRate(limits)
  }

  /** The connection of a new socket; undefined when it is refused, and then closed. */
  receive(socket: Socket, around: ConnectionContext): Connection | undefined {
    if (this.refuses(socket)) return undefined
    const { newcomers, accepted, byId } = this
    const connection = new Connection(socket, around)
    connection.once('close', () => {
      newcomers.delete(connection)
      accepted.delete(connection)
      if (byId.get(connection.clientId) === connection) byId.delete(connection.clientId)
    })
    newcomers.add(connection)
    this.makeRoom()
    return connection
  }

  /** The system could not hand over a connection. */
  fail({ code, message }: NodeJS.ErrnoException): void {
    const from = { clientId: '', remote: '' }
    if (code === 'EMFILE' || code === 'ENFILE')
      this.refusals.add('outOfDescriptors', from, `was refused: ${message}; ${this.openFilesRemedy}`)
    else this.refusals.add('refusedConnections', from, `could not connect: ${message}`)
  }

  /** The CONNECT of `connection` names the client `id`. */
  recordId(id: string, connection: Connection): void {
    const other = this.byId.get(id)
    if (!other || other.destroyed || !this.sharedIds.takeOver(id, this.clock.monotonic())) return
    const from = { clientId: id, remote: connection.remote }
    const reason = `has the id of another client, of ${other.remote}: each disconnects the other; give each an id of its own`
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

  /** Closes a socket that is one too many. */
  private refuses(socket: Socket): boolean {
    const { connections, connectsPerSecond } = this.limits
    const { size } = this.accepted
    const remote = socket.remoteAddress ?? ''
    const refuse = (kind: RefusalKind, reason: string): true => {
      this.refusals.add(kind, { clientId: '', remote }, `was refused: ${reason}`)
      socket.destroy()
      return true
    }
    if (size >= connections)
      return refuse(
        'refusedConnections',
        `limits.connections allows ${connections} clients, and as many are connected; raise it, or connect fewer`,
      )
    if (size >= this.room)
      return refuse('outOfDescriptors', `${size} clients are connected, and ${this.openFilesRemedy}`)
    if (this.rate.allows(remote, this.clock.monotonic())) return false
    return refuse(
      'refusedConnections',
      `more than ${connectsPerSecond} clients a second connect; let them wait longer before they try again`,
    )
  }

  /** Closes a connection without a CONNECT when there are too many of them. */
  private makeRoom(): void {
    const { newcomers, accepted, limits, room } = this
    const most = Math.min(limits.unauthenticated, room - accepted.size)
    const oldest = newcomers.size > most ? newcomers.oldestOfMost() : undefined
    if (!oldest) return
    const reason = `was disconnected: it is the oldest of ${newcomers.size} connections without a CONNECT`
    if (most < limits.unauthenticated)
      this.refusals.add('outOfDescriptors', oldest, `${reason}, and ${this.openFilesRemedy}`)
    else this.refusals.add('refusedConnections', oldest, `${reason}; look for the program that opens them`)
    newcomers.delete(oldest)
    oldest.destroy()
  }
}

/** What the store, NATS, standard streams and Node itself have open. */
const otherDescriptors = 128
const leastConnections = 16
