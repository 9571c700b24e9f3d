import type { Timed } from '../../time/timed.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { Aside, Delivery } from '../delivery.ts'
import type { Emission } from '../emission.ts'
import type { Session } from '../session.ts'
import { Arrivals } from './arrivals.ts'

/** A stage, as a source that it reads sees it. */
export interface SourceReader {
  /** Takes a value into the open commit. */
  take(value: Timed, arrival: number): void
  /** Called after the last value of a delivery. */
  makeRoom(): void
}

export interface SourceOptions {
  /** Recovery key of its receipts. Empty for the only source of a program. */
  readonly name: string
  readonly session: Session
  readonly clock: WallClock
  readonly emission: Emission
  /** What reads this source, in the order in which each delivery is given to them. */
  readonly readers: readonly SourceReader[]
  /** Whether values are emitted besides, as the outputs of a turn, so that a sink can record them. */
  readonly emitsValues?: boolean
  /** Called when a delivery has been taken, while its commit is open. */
  readonly onTaken?: () => void
}

/**
 * A source of deliveries that any number of stages read. It recognises a redelivery once for all of them, and
 * acknowledges a delivery once, after the flush of the commit that holds the turns of all of them.
 */
export class Source {
  private readonly options: SourceOptions
  private readonly arrivals: Arrivals

  constructor(options: SourceOptions) {
    const { session, clock } = options
    this.options = options
    this.arrivals = new Arrivals({
      clock,
      isReplaying: () => session.isReplaying,
      take: (delivery) => this.deliver(delivery),
    })
  }

  add(delivery: Delivery<Timed>): void {
    this.arrivals.add(delivery)
  }

  /** Resolves when every delivery that has arrived is taken. */
  taken(): Promise<void> {
    return this.arrivals.emptied()
  }

  /** Rejects what has not been taken yet. */
  close(): void {
    this.arrivals.close()
  }

  /** What throws here is no behavior: an actor cannot be activated, as when its state is damaged. */
  private deliver(delivery: Delivery<Timed>): void {
    try {
      this.take(delivery)
    } catch (error) {
      delivery.duty.reject?.(error as Error)
      this.options.session.commit.giveUp(error as Error)
    }
  }

  private take({ receipt, values, asides, duty }: Delivery<Timed>): void {
    const { name, session, clock, readers, emitsValues = false, onTaken } = this.options
    const { commit, redeliveries } = session
    if (!receipt || !redeliveries.isKnown(name, receipt)) {
      const arrival = clock.now()
      const before = commit.next
      for (const reader of readers) {
        for (const value of values) reader.take(value, arrival)
      }
      const emitted = emitsValues ? values : nothing
      if (emitted.length > 0 || asides.length > 0) this.emit(emitted, asides, arrival)
      if (receipt && commit.next > before) {
        const { sender, number, checksum } = receipt
        const journaled = { source: name, sender, number, checksum }
        commit.remember(journaled)
        redeliveries.remember(journaled, commit.next - 1)
      }
    }
    onTaken?.()
    for (const reader of readers) reader.makeRoom()
    commit.acknowledge(duty)
  }

  /**
   * What could not be read reaches no actor, and what sinks read need not. It is journaled once, without the
   * values, which nothing replays: it has an id and a place in order.
   */
  private emit(values: readonly Timed[], asides: readonly Aside[], arrival: number): void {
    const { session, emission } = this.options
    const position = session.commit.append({
      stage: '',
      actor: '',
      hash: 0,
      kind: 'event',
      verdict: 'dead',
      arrival,
      event: null,
    })
    emission.of({ key: '', position, arrival, values, asides })
  }
}

const nothing: readonly Timed[] = []
