import { Subject } from 'rxjs'
import { actors } from '../../lib/actors/actors.ts'
import { Delivery, type Duty } from '../../lib/actors/delivery.ts'
import type { Store } from '../../lib/state/store.ts'
import { benchBehavior, type Result } from './behavior.ts'
import { closingSampleOf, ResultHash, type Sample, sampleAt } from './samples.ts'

/** Samples unacknowledged at the most: what the broker allows over all its clients. */
const inFlightAtMost = 20_000
/** Samples sent before the engine's timers and commits get their turn. */
const sentAtATime = 500

/** Feeds samples through `actors`, as fast as they are acknowledged. */
export class EngineFeed {
  readonly hash = new ResultHash()
  acknowledged = 0
  private readonly duty: Duty = { ack: () => this.acknowledge() }
  private sent = 0
  private readonly source = new Subject<Delivery<Sample>>()
  private readonly finished: Promise<void>
  private wake: (() => void) | undefined

  constructor(store: Store, paddingNumbers: number) {
    const behavior = benchBehavior(paddingNumbers)
    const residents = { resident: 200_000 }
    this.finished = new Promise((resolve, reject) => {
      this.source.pipe(actors({ key: ({ sensor }) => sensor, behavior, store, ...residents })).subscribe({
        next: ({ key, values }) => this.count(key, values),
        complete: resolve,
        error: reject,
      })
    })
  }

  /** Sends samples `from` to `to`, and resolves when all of them are acknowledged. */
  send(names: readonly string[], from: number, to: number): Promise<void> {
    return this.sendEach(from, to, (index) => sampleAt(names, index))
  }

  /** Sends what closes every minute that the first `samples` have opened, so that all are in the hash. */
  close(names: readonly string[], samples: number): Promise<void> {
    return this.sendEach(0, names.length, (which) => closingSampleOf(names, which, samples))
  }

  complete(): Promise<void> {
    this.source.complete()
    return this.finished
  }

  private async sendEach(from: number, to: number, sampleOf: (index: number) => Sample): Promise<void> {
    for (let index = from; index < to; ) {
      const end = Math.min(index + sentAtATime, to)
      for (; index < end; index++) this.source.next(new Delivery([sampleOf(index)], this.duty))
      this.sent += end - Math.max(from, end - sentAtATime)
      await new Promise((resume) => setImmediate(resume))
      while (this.sent - this.acknowledged > inFlightAtMost) await this.acknowledgement()
    }
    while (this.acknowledged < this.sent) await this.acknowledgement()
  }

  private acknowledge(): void {
    this.acknowledged++
    this.wake?.()
    this.wake = undefined
  }

  private acknowledgement(): Promise<void> {
    return new Promise((resume) => {
      this.wake = resume
    })
  }

  private count(sensor: string, results: readonly Result[]): void {
    for (const result of results) {
      if ('minute' in result) this.hash.add(sensor, result.minute.start, result.minute.mean)
    }
  }
}
