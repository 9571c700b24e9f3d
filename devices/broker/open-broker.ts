import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Aedes, type Client, type Subscription } from 'aedes'
import { Observable } from 'rxjs'
import type { Delivery } from '../../lib/actors/delivery.ts'
import { type Duration, seconds } from '../../lib/time/duration.ts'
import { systemClock, type WallClock } from '../../lib/time/wall-clock.ts'
import type { Format } from '../formats/format.ts'
import { json } from '../formats/json.ts'
import type { Reading } from '../wire/reading.ts'
import { admission } from './admission.ts'
import { type BrokerCounts, noCounts } from './broker-counts.ts'
import { Census } from './census.ts'
import { connectionOf } from './connection-of.ts'
import { FanOut } from './fan-out.ts'
import { Gate } from './gate.ts'
import { Intake } from './intake.ts'
import { keepAlive } from './keep-alive.ts'
import { type BrokerLimits, brokerLimits } from './limits.ts'
import { listen } from './listen.ts'
import { isLoopback } from './loopback.ts'
import { MemoryBudget } from './memory-budget.ts'
import { openFilesLimit } from './open-files-limit.ts'
import { paceMaker } from './pace.ts'
import { Reception } from './reception.ts'
import { type Refusal, Refusals } from './refusals.ts'
import { Retained } from './retained.ts'
import { Sessionless } from './sessionless.ts'
import { subscriptionRule } from './subscription-rule.ts'
import { SystemEvents } from './system-events.ts'
import { TopicBook } from './topic-book.ts'
import { TurnTaking } from './turn-taking.ts'
import { Wills } from './wills.ts'

export interface BrokerOptions {
  /** 1883 unless given; 0 for any free port. */
  readonly port?: number
  /** Address to listen on, 127.0.0.1 unless given. */
  readonly host?: string
  /** Accept that anyone who reaches a `host` other than this machine's own may connect, unencrypted. */
  readonly insecure?: boolean
  readonly format?: Format
  /**
   * Topic filters, such as `v1/+/status`, of which retained messages are kept for later subscribers, in
   * memory, until the broker is closed. None unless given: of all others the retain flag is dropped.
   */
  readonly retain?: readonly string[]
  readonly limits?: Partial<BrokerLimits>
  /**
   * Whether a device that has not published since the broker was opened was known before: the limits for new
   * devices leave it alone. Asked once for each; none is known unless given.
   */
  readonly isKnown?: (device: string) => boolean
  readonly clock?: WallClock
}

/** An MQTT 3.1.1 broker whose PUBACKs wait for the `ack` of a delivery's duty. */
export interface Broker {
  /** Every publish, in order of arrival. One subscriber; until it is there, publishes wait unacknowledged. */
  readonly readings: Observable<Delivery<Reading>>
  readonly address: { readonly host: string; readonly port: number }
  readonly counts: Readonly<BrokerCounts>
  /** What clients wanted and did not get, as it happens; `reportRefusals` makes lines of it. */
  readonly refusals: Observable<Refusal>
  /** Clients connected now. */
  readonly clients: number
  /** Publishes taken and not acknowledged yet. */
  readonly held: number
  /**
   * Stops reading, waits until what is held is acknowledged but no longer than `patience`, disconnects
   * everyone and completes `readings`. What was not acknowledged, its device sends again.
   */
  close(patience?: Duration): Promise<void>
}

/**
 * Opens a broker and resolves when it listens.
 * @throws Error when the port is taken, when `host` is reachable from other machines without `insecure`, and
 * when `retain` or `limits` hold what cannot be.
 */
export const openBroker = async (options: BrokerOptions = {}): Promise<Broker> => {
  const { port = 1883, host = '127.0.0.1', insecure = false, format = json(), clock = systemClock } = options
  if (!isLoopback(host) && !insecure)
    throw new Error(
      `host ${host} lets other machines connect, unencrypted and without credentials: listen on 127.0.0.1, or accept it with insecure: true`,
    )
  const limits = { ...brokerLimits, ...options.limits }
  const counts = noCounts()
  const gate = new Gate({
    publishes: limits.heldPublishes,
    bytes: limits.heldBytes,
    readings: limits.heldReadings,
  })
  const retained = new Retained(options.retain ?? [], limits)
  const census = new Census(limits, options.isKnown)
  const intake = new Intake({ clock, gate, counts, limits, retained, census })
  const refusals = new Refusals(counts)
  const reception = new Reception({ limits, openFiles: openFilesLimit(), clock, refusals })
  const topics = new TopicBook(format, limits)
  const now = (): number => clock.monotonic()
  const fanOut = new FanOut(limits, counts, retained, now)
  const { take } = intake
  const wills = new Wills(limits.willBytes, { take, topics, fanOut })
  const memory = new MemoryBudget(limits, [gate, retained, fanOut, wills], refusals)
  const aedes = await Aedes.createBroker({
    ...admission(limits, reception, wills, refusals),
    authorizePublish: wills.fire,
    authorizeSubscribe: subscriptionRule(limits, refusals),
    persistence: new Sessionless(),
    mq: new SystemEvents(),
    connectTimeout: limits.connectTimeout,
    drainTimeout: seconds(10),
    maxClientsIdLength: limits.clientIdBytes,
  })
  // Aedes closes a connection for a topic of more than 100 levels. Here `topicLevels` refuses it, and the
  // connection goes on.
  Object.assign(aedes, { maxTopicLevels: Number.POSITIVE_INFINITY })
  aedes.on('clientReady', (client: Client) => reception.accept(connectionOf(client), client.id))
  aedes.on('subscribe', (granted: Subscription[], client: Client) => {
    for (const { topic, qos } of granted)
      if (qos <= 2) connectionOf(client).subscribe(topic, qos as 0 | 1 | 2)
  })
  aedes.on('unsubscribe', (filters: string[], client: Client) => {
    for (const filter of filters) connectionOf(client).unsubscribe(filter)
  })
  const newPace = paceMaker(limits, clock, counts)
  const around = {
    gate,
    limits,
    topics,
    take,
    fanOut,
    turns: new TurnTaking(now),
    refusals,
    memory,
    now,
    newPace,
  }
  const admit = (socket: Socket): void => {
    const connection = reception.receive(socket, around)
    if (connection) aedes.handle(connection as Duplex)
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, admit)
  const address = await listen(server, port, host, (error) => reception.fail(error)).catch(
    (reason: Error) => {
      aedes.close()
      throw reason
    },
  )
  const stopKeepAlive = keepAlive(reception.clients, clock)

  const readings = new Observable<Delivery<Reading>>((subscriber) => {
    if (intake.taker) {
      subscriber.error(new Error('readings has a subscriber, who acknowledges: share() it to have several'))
      return
    }
    intake.taker = subscriber
    gate.open()
    subscriber.add(() => {
      intake.taker = undefined
      gate.close()
    })
  })

  const close = async (patience: Duration = seconds(3)): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    gate.close()
    stopKeepAlive()
    let cancel = (): void => {}
    const impatient = new Promise<void>((resolve) => {
      cancel = clock.after(patience, resolve)
    })
    await Promise.race([intake.emptied(), impatient])
    cancel()
    await new Promise(setImmediate)
    intake.flush()
    intake.taker?.complete()
    reception.dismissNewcomers()
    await new Promise<void>((resolve) => aedes.close(resolve))
    await closed
    refusals.close()
  }

  return {
    readings,
    counts,
    refusals: refusals.all,
    address: { host: address.address, port: address.port },
    get clients() {
      return reception.clients.size
    },
    get held() {
      return gate.held
    },
    close,
  }
}
