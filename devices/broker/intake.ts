import type { Subscriber } from 'rxjs'
import { type Aside, Delivery } from '../../lib/actors/delivery.ts'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import { FaultList } from '../formats/fault-list.ts'
import type { Interpretation } from '../formats/format.ts'
import type { Reading } from '../wire/reading.ts'
import type { BrokerCounts } from './broker-counts.ts'
import type { Census } from './census.ts'
import { DeadLetters } from './dead-letters.ts'
import type { Gate } from './gate.ts'
import { HeldPublish } from './held-publish.ts'
import type { BrokerLimits } from './limits.ts'
import type { Publish } from './publish.ts'
import { receiptOf } from './receipt.ts'
import type { Retained } from './retained.ts'
import type { Sender } from './sender.ts'
import type { Topic } from './topic-book.ts'

export interface IntakeOptions {
  readonly clock: WallClock
  readonly gate: Gate
  readonly counts: BrokerCounts
  readonly limits: BrokerLimits
  readonly retained: Retained
  readonly census: Census
}

/**
 * Makes a delivery of every publish and settles it when that is acknowledged, so that acknowledged means
 * taken, and the order of acknowledging is the order of PUBACKs. What cannot be read is a delivery too, so
 * that it does not overtake what can.
 */
export class Intake {
  /** Who takes deliveries. Without one, nothing is read and nothing is acknowledged. */
  taker: Subscriber<Delivery<Reading>> | undefined
  private readonly clock: WallClock
  private readonly gate: Gate
  private readonly counts: BrokerCounts
  private readonly census: Census
  private readonly retained: Retained
  private readonly deadLetters: DeadLetters
  private readonly whenEmpty: (() => void)[] = []

  constructor({ clock, gate, counts, limits, retained, census }: IntakeOptions) {
    this.clock = clock
    this.gate = gate
    this.counts = counts
    this.census = census
    this.retained = retained
    this.deadLetters = new DeadLetters(clock, limits, (summary) =>
      this.taker?.next(new Delivery<Reading>([], undefined, { asides: [summary] })),
    )
  }

  readonly take = (sender: Sender, publish: Publish): void => {
    const { counts, taker } = this
    counts.received++
    const held = new HeldPublish(
      publish.retain ? this.keeping(sender, publish) : sender,
      publish,
      this.settle,
    )
    const { readings, faults } = taker ? this.interpret(publish) : nothing
    held.readings = readings.length
    this.gate.take(sender.share, held)
    if (!taker) {
      this.settle(held, false)
      return
    }
    counts.readings += readings.length
    const deadLetter = faults.length === 0 ? undefined : this.deadLetters.of(publish, sender, faults)
    const asides = deadLetter ? [deadLetter] : noAsides
    const receipt = receiptOf(sender, publish)
    taker.next(new Delivery(readings, held, receipt ? { asides, receipt } : { asides }))
  }

  /** Delivers what stands for the repeated faults since the last minute. */
  flush(): void {
    this.deadLetters.flush()
  }

  /** Resolves when nothing is held. */
  emptied(): Promise<void> {
    return this.gate.held === 0 ? Promise.resolve() : new Promise((resolve) => this.whenEmpty.push(resolve))
  }

  private readonly settle = (held: HeldPublish, taken: boolean): void => {
    if (taken) this.counts.acknowledged++
    else if (held.qos === 0) this.counts.qos0Lost++
    else this.counts.unacknowledged++
    held.sender.settle(held, taken)
    this.gate.release(held.sender.share, held)
    if (this.gate.held === 0) for (const resolve of this.whenEmpty.splice(0)) resolve()
  }

  private keeping(sender: Sender, publish: Publish): Sender {
    const keeping = this.retained.keeping(sender, publish)
    if (!keeping) this.counts.retainDropped++
    return keeping ?? sender
  }

  private interpret({ topic, payload, wholeBytes }: Publish): Interpretation {
    if (topic.fault !== undefined) {
      if (wholeBytes === undefined) this.counts.badTopic++
      return { readings: [], faults: [topic.fault] }
    }
    const found = topic.reader.read(payload, this.clock.now())
    if (found.faults.length > 0) this.counts.unreadable++
    return this.withinLimits(found, topic)
  }

  private withinLimits(found: Interpretation, topic: Topic): Interpretation {
    let excess: FaultList | undefined
    let readings: Reading[] | undefined
    for (let place = 0; place < found.readings.length; place++) {
      const reading = found.readings[place]!
      const { device, metric } = reading
      if (topic.admittedDevice === device && topic.admittedMetric === metric) {
        readings?.push(reading)
        continue
      }
      const limit = this.census.exceeded(reading, this.clock.monotonic())
      if (limit === undefined) {
        topic.admittedDevice = device
        topic.admittedMetric = metric
        readings?.push(reading)
      } else {
        this.counts.beyondLimits++
        readings ??= found.readings.slice(0, place)
        excess ??= new FaultList()
        excess.add(() => this.census.faultOf(limit, reading))
      }
    }
    return readings && excess ? { readings, faults: [...found.faults, ...excess.all()] } : found
  }
}

const noAsides: readonly Aside[] = []
const nothing: Interpretation = { readings: [], faults: [] }
