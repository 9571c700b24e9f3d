import type { Client, PublishPacket } from 'aedes'
import type { Subscriber } from 'rxjs'
import { type Aside, Delivery } from '../../lib/actors/delivery.ts'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import type { Format, Interpretation } from '../formats/format.ts'
import type { Reading } from '../wire/reading.ts'
import type { BrokerCounts } from './broker-counts.ts'
import { Census } from './census.ts'
import type { Gate } from './gate.ts'
import type { BrokerLimits } from './limits.ts'
import { receiptOf } from './receipt.ts'
import { topicFault } from './topic-fault.ts'

type Done = (error?: Error | null) => void

/**
 * Makes a delivery of every publish and holds Aedes' callback until it is acknowledged. Aedes writes the
 * PUBACK after that callback, so acknowledged means taken, and the order of acknowledging is the order of
 * PUBACKs. What cannot be read is a delivery too, so that it does not overtake what can.
 */
export class Intake {
  /** Who takes deliveries. Without one, nothing is read and nothing is acknowledged. */
  taker: Subscriber<Delivery<Reading>> | undefined
  private readonly format: Format
  private readonly clock: WallClock
  private readonly gate: Gate
  private readonly counts: BrokerCounts
  private readonly limits: BrokerLimits
  private readonly census: Census
  private readonly whenEmpty: (() => void)[] = []

  constructor(format: Format, clock: WallClock, gate: Gate, counts: BrokerCounts, limits: BrokerLimits) {
    this.format = format
    this.clock = clock
    this.gate = gate
    this.counts = counts
    this.limits = limits
    this.census = new Census(limits)
  }

  /** Aedes calls it for every publish before it acknowledges it; for a will too, even of nobody connected. */
  readonly take = (client: Client | null, packet: PublishPacket, done: Done): void => {
    const { counts, gate, taker } = this
    counts.received++
    const isWill = client === null || client.closed
    if (!taker) {
      if (isWill) done(new Error('nobody takes readings'))
      else this.lose(packet, client)
      return
    }
    if (packet.retain) {
      packet.retain = false
      counts.retainDropped++
    }
    const bytes = packet.topic.length + packet.payload.length
    gate.take(bytes)
    const ack = (): void => {
      counts.acknowledged++
      this.release(bytes)
      // Who is gone cannot be sent a PUBACK, and Aedes would report one error for each. QoS 0 goes on to
      // subscribers, as many a client disconnects right after it.
      if (isWill || packet.qos === 0 || !client.closed) done(null)
    }
    const reject = (): void => {
      this.lose(packet, client)
      this.release(bytes)
    }
    const { readings, faults } = this.interpret(packet)
    counts.readings += readings.length
    const asides = faults.length === 0 ? noAsides : [deadLetter(packet, client, faults)]
    const receipt = receiptOf(client, packet)
    taker.next(new Delivery(readings, ack, receipt ? { asides, receipt, reject } : { asides, reject }))
  }

  /** Resolves when nothing is held. */
  emptied(): Promise<void> {
    return this.gate.held === 0 ? Promise.resolve() : new Promise((resolve) => this.whenEmpty.push(resolve))
  }

  private release(bytes: number): void {
    this.gate.release(bytes)
    if (this.gate.held === 0) for (const resolve of this.whenEmpty.splice(0)) resolve()
  }

  /** It will not be acknowledged: the client is cut off, so that it sends again what it can. */
  private lose({ qos }: PublishPacket, client: Client | null): void {
    if (qos === 0) this.counts.qos0Lost++
    else this.counts.unacknowledged++
    client?.close()
  }

  private interpret(packet: PublishPacket): Interpretation {
    const bad = topicFault(packet.topic, this.limits)
    if (bad !== undefined) {
      this.counts.badTopic++
      return { readings: [], faults: [bad] }
    }
    const now = this.clock.now()
    const found = this.format.read(packet.topic, packet.payload as Buffer, now)
    if (found.faults.length > 0) this.counts.unreadable++
    return this.withinLimits(found, now)
  }

  private withinLimits(found: Interpretation, now: number): Interpretation {
    let faults: string[] | undefined
    let readings: Reading[] | undefined
    for (let place = 0; place < found.readings.length; place++) {
      const reading = found.readings[place]!
      const fault = this.census.fault(reading, now)
      if (fault !== undefined) {
        this.counts.beyondLimits++
        readings ??= found.readings.slice(0, place)
        faults ??= [...found.faults]
        faults.push(fault)
      } else readings?.push(reading)
    }
    return readings && faults ? { readings, faults } : found
  }
}

const noAsides: readonly Aside[] = []

const deadLetter = (
  { topic, payload }: PublishPacket,
  client: Client | null,
  faults: readonly string[],
): Aside => ({
  kind: 'dead',
  value: { topic, payload: Buffer.from(payload).toString('base64'), client: client?.id ?? null },
  reason: faults.join('; '),
})
