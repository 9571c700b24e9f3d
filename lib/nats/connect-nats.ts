import { type ConnectionOptions, connect, type NatsConnection } from 'nats'
import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs'
import { type Duration, milliseconds, seconds } from '../time/duration.ts'
import { systemClock, type WallClock } from '../time/wall-clock.ts'
import { readServerAddresses } from './server-address.ts'

/** How things stand with the server. */
export interface NatsStatus {
  readonly connected: boolean
  /** In words, for a log line: the server's address, or why there is none. */
  readonly detail: string
}

/** A connection to NATS that never gives up. */
export interface Nats {
  /** The present status at once, then each change. Completes when the connection is closed. */
  readonly status: Observable<NatsStatus>
  readonly connected: boolean
  /** The client's own connection, as soon as there has been one. Rejects when closed before. */
  readonly connection: Promise<NatsConnection>
  close(): Promise<void>
}

export interface NatsOptions
  extends Pick<
    ConnectionOptions,
    'user' | 'pass' | 'token' | 'tls' | 'authenticator' | 'name' | 'inboxPrefix'
  > {
  /**
   * `host:port`, or several of one cluster. A URL may name who connects: `nats://user:password@host`,
   * `nats://token@host`. That is never part of a message.
   */
  readonly servers: string | string[]
  /**
   * When no server answers at first: `wait` until one does, `fail` with its error, or go on and connect
   * `later`, in the background; what is to be published waits on disk meanwhile. Default `wait`.
   */
  readonly firstConnect?: 'wait' | 'fail' | 'later'
  /** The first attempt waits until this is settled: a server that is known to start needs some time. */
  readonly after?: Promise<unknown>
  /** Pause between attempts. Default 500 ms. */
  readonly retryAfter?: Duration
  readonly clock?: WallClock
}

/**
 * Connects to NATS, and again whenever the connection is lost, without end: the client's own default is to
 * close for good after some 20 seconds. A peer that went away without a word is noticed within 30 seconds.
 */
export const connectNats = async (options: NatsOptions): Promise<Nats> => {
  const {
    firstConnect = 'wait',
    retryAfter = milliseconds(500),
    clock = systemClock,
    after,
    ...rest
  } = options
  const { addresses, credentials } = readServerAddresses(options.servers)
  const settings: ConnectionOptions = {
    ...credentials,
    ...rest,
    servers: addresses,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: retryAfter,
    pingInterval: seconds(10),
    maxPingOut: 2,
  }
  const address = addresses.join(', ')
  const status = new BehaviorSubject<NatsStatus>({ connected: false, detail: `connecting to ${address}` })
  let closed = false
  let interrupt = (): void => {}

  const attempt = async (): Promise<NatsConnection> => {
    const connection = await connect({ ...settings })
    if (closed) {
      await connection.close()
      throw closedEarly()
    }
    status.next({ connected: true, detail: connection.getServer() })
    void follow(connection, status)
    return connection
  }
  // The client gives up a server that takes the connection and says nothing after 20 seconds.
  const tried = (): Promise<NatsConnection> =>
    new Promise((resolve, reject) => {
      interrupt = () => reject(closedEarly())
      attempt().then(resolve, reject)
    })
  const pause = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(retryAfter, resolve)
      interrupt = () => {
        cancel()
        reject(closedEarly())
      }
    })
  const settled = (promise: Promise<unknown>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      interrupt = () => reject(closedEarly())
      promise.then(resolve, resolve)
    })
  const persist = async (): Promise<NatsConnection> => {
    if (after) await settled(after)
    for (;;) {
      try {
        return await tried()
      } catch (error) {
        if (closed) throw closedEarly()
        const { message } = error as Error
        status.next({ connected: false, detail: `no NATS server at ${address}: ${message}` })
        await pause()
      }
    }
  }

  const connection = firstConnect === 'fail' ? attempt() : persist()
  // Whoever needs the connection sees the rejection; closing early is no fault of its own.
  connection.catch(() => {})
  if (firstConnect !== 'later') await connection

  return {
    status: status.pipe(
      distinctUntilChanged((one, other) => one.connected === other.connected && one.detail === other.detail),
    ),
    connection,
    get connected() {
      return status.value.connected
    },
    async close() {
      if (closed) return
      closed = true
      interrupt()
      await connection.then((open) => open.close()).catch(() => {})
      status.next({ connected: false, detail: 'closed' })
      status.complete()
    },
  }
}

const closedEarly = (): Error => new Error('the NATS connection was closed before it was made')

async function follow(connection: NatsConnection, status: BehaviorSubject<NatsStatus>): Promise<void> {
  for await (const event of connection.status()) {
    if (event.type === 'disconnect')
      status.next({ connected: false, detail: `lost ${event.server}, connecting again` })
    if (event.type === 'reconnect') status.next({ connected: true, detail: event.server })
  }
  const error = await connection.closed()
  status.next({ connected: false, detail: error ? `closed: ${error.message}` : 'closed' })
  status.complete()
}
