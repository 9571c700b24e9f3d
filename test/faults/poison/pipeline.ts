import { Subject, tap } from 'rxjs'
import type { Result } from '../../../bench/engine/behavior.ts'
import { ResultHash, type Sample, sampleAt } from '../../../bench/engine/samples.ts'
import { actors } from '../../../lib/actors/actors.ts'
import { Delivery, type Duty } from '../../../lib/actors/delivery.ts'
import type { Sent } from '../../../lib/actors/sinks/sink.ts'
import { toSink } from '../../../lib/actors/sinks/to-sink.ts'
import type { Store } from '../../../lib/state/store.ts'
import { DeadLetters } from './dead-letters.ts'
import { isGuest } from './guests.ts'
import { poisonedBehavior } from './poisoned-behavior.ts'

/** Samples unacknowledged at the most. */
const inFlightAtMost = 20_000
/** Samples sent before timers and commits get their turn. */
const sentAtATime = 500

/** What readings of those who are no guests took, from the first sent to the last output in the sink. */
export interface Spent {
  readonly readings: number
  readonly seconds: number
  /** CPU time of the whole process. */
  readonly cpuMicros: number
}

/** Samples through durable actors into a sink, as fast as they are acknowledged. */
export class Pipeline {
  readonly deadLetters = new DeadLetters()
  /** Minute means of those who are no guests, and their episodes. */
  private readonly minutes = new ResultHash()
  private episodes = 0
  private recorded = 0
  private delivered = 0
  private sent = 0
  private acknowledged = 0
  private readonly duty: Duty = { ack: () => this.acknowledge() }
  private readonly source = new Subject<Delivery<Sample>>()
  private readonly finished: Promise<void>
  private changed = (): void => {}

  constructor(store: Store, isPoisoned: boolean) {
    const key = ({ sensor }: Sample): string => sensor
    const sink = { name: 'results', deliver: async (outputs: readonly Sent<Result>[]) => this.take(outputs) }
    this.finished = new Promise((complete, error) => {
      this.source
        .pipe(
          actors({ key, behavior: poisonedBehavior(isPoisoned), store }),
          tap(({ values, asides }) => {
            this.recorded += values.length + asides.length
          }),
          toSink(sink, { store }),
        )
        .subscribe({ next: () => this.count(), complete, error })
    })
  }

  /** What the others came to: equal words for equal results. */
  get othersResults(): string {
    return `${this.minutes.words} ${this.episodes}`
  }

  /** Sends samples `from` to `to`; over when all are acknowledged and the sink has all that came of them. */
  async turn(names: readonly string[], from: number, to: number): Promise<Spent> {
    const cpuBefore = process.cpuUsage()
    const begun = performance.now()
    for (let index = from; index < to; ) {
      const end = Math.min(index + sentAtATime, to)
      for (; index < end; index++) this.send(sampleAt(names, index))
      await new Promise((resume) => setImmediate(resume))
      while (this.sent - this.acknowledged > inFlightAtMost) await this.change()
    }
    while (this.acknowledged < this.sent || this.delivered < this.recorded) await this.change()
    const seconds = (performance.now() - begun) / 1_000
    const { user, system } = process.cpuUsage(cpuBefore)
    const share = names.filter((name) => !isGuest(name)).length / names.length
    return { readings: (to - from) * share, seconds, cpuMicros: user + system }
  }

  complete(): Promise<void> {
    this.source.complete()
    return this.finished
  }

  private send(sample: Sample): void {
    this.sent++
    this.source.next(new Delivery([sample], this.duty))
  }

  private acknowledge(): void {
    this.acknowledged++
    this.changed()
  }

  private take(outputs: readonly Sent<Result>[]): void {
    for (const output of outputs) {
      if (output.kind !== 'result') this.deadLetters.add(output)
      else if (!isGuest(output.key)) this.addResult(output.key, output.value as Result)
    }
  }

  private addResult(sensor: string, result: Result): void {
    if ('minute' in result) this.minutes.add(sensor, result.minute.start, result.minute.mean)
    else this.episodes++
  }

  private count(): void {
    this.delivered++
    if (this.delivered === this.recorded) this.changed()
  }

  private change(): Promise<void> {
    return new Promise((resume) => {
      this.changed = resume
    })
  }
}
