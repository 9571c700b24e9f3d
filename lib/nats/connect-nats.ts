import { type ConnectionOptions, connect, type NatsConnection } from 'nats'
import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs'
import { type Duration, milliseconds, seconds } from '../time/duration.ts'
import { systemClock, type WallClock } from '../time/wall-clock.ts'
import { isRefusal, type NatsStatus, silentAt, statusAfter, statusOf } from './nats-status.ts'
import { readServerAddresses } from './server-address.ts'

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
   * When no server answers at first: `fail` with the reason, within 5 s; `wait` until one does; or go on and
   * connect `later`, in the background: what is to be published waits on the disk meanwhile. Default `fail`.
   */
  readonly firstConnect?: 'fail' | 'wait' | 'later'
  /** Receives each status from the first attempt on: with `wait`, why there is no connection yet. */
  readonly onStatus?: (status: NatsStatus) => void
  /** The first attempt waits until this is settled: a server that is known to start needs some time. */
  readonly after?: Promise<unknown>
  /** Pause between attempts. Default 500 ms. */
  readonly retryAfter?: Duration
  readonly clock?: WallClock
}

/**
 * Connects to NATS, and again whenever the connection is lost, without end: the client's own default is to
 * close for good after some 20 seconds. A first attempt without an answer is reported within 5 seconds, and
 * a peer that stops answering later within 30 seconds.
 *
 * @throws Error with the address and the remedy when no server answers, unless `firstConnect` says to wait.
 */
export const connectNats = async (options: NatsOptions): Promise<Nats> => {
  const {
    firstConnect = 'fail',
    onStatus = () => {},
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
    timeout: answerWithin,
  }
  const address = addresses.join(', ')
  const status = new BehaviorSubject(statusOf('connecting', `connecting to ${address}`))
  status.subscribe(onStatus)
  let closed = false
  let interrupt = (): void => {}

  const attempt = async (): Promise<NatsConnection> => {
    // The client waits for each address in turn: several that do not answer take several times as long.
    const cancelReport = clock.after(reportWithin, () => unanswered())
    const connection = await connect({ ...settings })
      .catch((error: Error) => {
        const failed = statusAfter(error, address)
        if (!closed) status.next(failed)
        throw new Error(failed.detail, { cause: error })
      })
      .finally(cancelReport)
    if (closed) {
      await connection.close()
      throw closedEarly()
    }
    status.next(statusOf('connected', connection.getServer()))
    void follow(connection, status, address)
    return connection
  }
  const unanswered = (): void => {
    if (closed) return
    const silent = silentAt(address)
    status.next(silent)
    if (firstConnect === 'fail') giveUp(new Error(silent.detail))
  }
  let giveUp = (_error: Error): void => {}
  const tried = (): Promise<NatsConnection> =>
    new Promise((resolve, reject) => {
      giveUp = (error) => {
        closed = true
        reject(error)
      }
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
      } catch {
        if (closed) throw closedEarly()
        await pause()
      }
    }
  }

  const connection = firstConnect === 'fail' ? tried() : persist()
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
      status.next(statusOf('closed', 'closed'))
      status.complete()
    },
  }
}

const closedEarly = (): Error => new Error('the NATS connection was closed before it was made')

async function follow(
  connection: NatsConnection,
  status: BehaviorSubject<NatsStatus>,
  address: string,
): Promise<void> {
  for await (const event of connection.status()) {
    // Further attempts that fail are no change, and a refusal says more than the disconnect that follows it.
    if (event.type === 'disconnect' && status.value.connected)
      status.next(statusOf('lost', `lost the NATS server at ${event.server}`))
    if (event.type === 'error' && isRefusal(event.error)) status.next(statusAfter(event.error, address))
    if (event.type === 'reconnect') status.next(statusOf('connected', event.server))
  }
  const error = await connection.closed()
  status.next(statusOf('closed', error ? `closed: ${error.message}` : 'closed'))
  status.complete()
}

/** How long a server may take to greet a client. */
const answerWithin: Duration = seconds(4)

/** After this long without an answer from any address, that is the status. */
const reportWithin: Duration = seconds(4.5)
