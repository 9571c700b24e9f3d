import { Subject } from 'rxjs'
import type { Aside } from '../../lib/actors/delivery.ts'
import { Outcome, type Recorder } from '../../lib/actors/outcome.ts'
import type { OutboxWrite, Store } from '../../lib/state/store.ts'

/**
 * Outcomes written to a store as `actors` does it, without actors: what sinks record while an outcome is
 * emitted is committed with it. For tests of sinks only.
 */
export class WrittenOutcomes<Out> {
  readonly outcomes = new Subject<Outcome<Out>>()
  private readonly store: Store
  private position: number
  private pending: OutboxWrite[] = []

  constructor(store: Store, firstPosition = 1) {
    this.store = store
    this.position = firstPosition
  }

  /** Adds one turn to the open batch and returns its position. */
  add(values: readonly Out[], asides: readonly Aside[] = [], key = 'actor', arrival = 0): number {
    const position = this.position++
    const record: Recorder = (sink, at, index, bytes) =>
      void this.pending.push({ sink, position: at, index, bytes })
    this.outcomes.next(new Outcome({ key, position, arrival, values, asides }, record))
    return position
  }

  /** Flushes the open batch. */
  async commit(): Promise<void> {
    const outbox = this.pending.splice(0)
    await this.store.commit({ journal: [], outbox })
  }
}
