import { crashPoint } from '../state/crash-point.ts'
import type { JournalEntry, TurnKind, Verdict } from '../state/journal-entry.ts'
import { checkKey } from '../time/check-key.ts'
import type { Timed } from '../time/timed.ts'
import type { WallClock } from '../time/wall-clock.ts'
import { Arrivals } from './arrivals.ts'
import type { ReplayedStage, ReplayProgress } from './commit/replay.ts'
import { Delivery } from './delivery.ts'
import { Emission } from './emission.ts'
import type { Answered } from './lookups/lookup.ts'
import type { Lookups } from './lookups/lookups.ts'
import type { Outcome } from './outcome.ts'
import type { Resident } from './residents/resident.ts'
import type { Residents } from './residents/residents.ts'
import type { Session } from './session.ts'
import { Supervision } from './supervision/supervision.ts'
import { TurnOutputs } from './turn-outputs.ts'

export interface StageOptions {
  readonly name: string
  readonly keyOf: (value: Timed) => string
  readonly session: Session
  readonly residents: Residents
  readonly lookups: Lookups
  readonly clock: WallClock
  readonly emit: (outcome: Outcome<unknown>) => void
  /** Whether what is emitted still reaches a subscriber. */
  readonly isTaken: () => boolean
  readonly fail: (reason: Error) => void
  readonly onReplay: (progress: ReplayProgress) => void
}

/**
 * Turns arrivals into turns: finds the actor, lets it take the entry, journals it, hands on what came out.
 */
export class Stage implements ReplayedStage {
  readonly name: string
  readonly fail: (reason: Error) => void
  readonly showProgress: (progress: ReplayProgress) => void
  private readonly keyOf: (value: Timed) => string
  private readonly session: Session
  private readonly residents: Residents
  private readonly lookups: Lookups
  private readonly clock: WallClock
  private readonly arrivals: Arrivals
  private readonly emission: Emission
  private readonly supervision: Supervision
  private readonly outputs = new TurnOutputs()

  constructor(options: StageOptions) {
    const { name, keyOf, session, residents, lookups, clock, emit, isTaken, fail, onReplay } = options
    this.name = name
    this.keyOf = keyOf
    this.session = session
    this.residents = residents
    this.lookups = lookups
    this.clock = clock
    this.supervision = new Supervision(residents)
    this.emission = new Emission(session.commit, emit, isTaken)
    this.fail = fail
    this.showProgress = onReplay
    this.arrivals = new Arrivals({
      clock,
      isReplaying: () => session.isReplaying,
      take: (delivery) => this.deliver(delivery),
    })
  }

  take(arriving: Delivery<Timed> | Outcome<Timed>): void {
    if (arriving instanceof Delivery) {
      this.arrivals.add(arriving)
      return
    }
    try {
      this.takeOver(arriving)
    } catch (error) {
      this.session.commit.giveUp(error as Error)
    }
  }

  /** Resolves when every delivery that has arrived is taken. */
  taken(): Promise<void> {
    return this.arrivals.emptied()
  }

  /** Rejects what has not been taken yet. */
  close(): void {
    this.arrivals.close()
  }

  replay(entry: JournalEntry): void {
    if (entry.kind !== 'value') this.residents.replay(entry)
  }

  /** A turn without an event: the actor has been silent. */
  tick(resident: Resident, kind: 'idle' | 'close', arrival: number): void {
    this.turn(resident, kind, null, arrival)
  }

  /** A turn of an actor that something outside has answered. What is answered already changes nothing. */
  answer(key: string, answered: Answered): void {
    const resident = this.residents.wake(key)
    if (!resident.actor.awaits(answered)) return
    const arrival = this.clock.now()
    // Woken for this, it has been heard of before, nobody knows when: its silence counts from now.
    if (resident.lastEvent === 0) this.residents.order.heard(resident, arrival)
    this.turn(resident, 'answer', answered, arrival)
    this.residents.makeRoom()
  }

  /**
   * From a source: nothing of it is taken twice, all of it is acknowledged together. What throws here is not
   * the behavior: the actor cannot be had, as when its state is damaged.
   */
  private deliver(delivery: Delivery<Timed>): void {
    try {
      this.takeDelivery(delivery)
    } catch (error) {
      delivery.duty.reject?.(error as Error)
      this.session.commit.giveUp(error as Error)
    }
  }

  private takeDelivery({ receipt, values, asides, duty }: Delivery<Timed>): void {
    const { commit, redeliveries } = this.session
    if (!receipt || !redeliveries.isKnown(receipt)) {
      const arrival = this.clock.now()
      const before = commit.next
      for (const value of values) this.event(value, arrival)
      if (asides.length > 0) this.setAside(asides, arrival)
      if (receipt && commit.next > before) {
        commit.remember(receipt)
        redeliveries.remember(receipt, commit.next - 1)
      }
    }
    this.residents.makeRoom()
    commit.acknowledge(duty)
  }

  /** From the stage before, in the same commit. What left its main path goes on past this one. */
  private takeOver(outcome: Outcome<Timed>): void {
    for (const value of outcome.values) this.event(value, outcome.arrival)
    if (outcome.asides.length > 0) this.emission.of(outcome.withoutValues())
    this.residents.makeRoom()
  }

  /** What the source could not read reaches no actor, but is journaled: it has an id and a place in order. */
  private setAside(asides: Delivery<Timed>['asides'], arrival: number): void {
    const position = this.append('', 0, 'event', 'dead', arrival, null)
    this.emission.of({ key: '', position, arrival, values: [], asides })
  }

  private event(value: Timed, arrival: number): void {
    const key = this.keyFor(value)
    if (typeof key !== 'string') {
      const position = this.append('', 0, 'event', 'dead', arrival, value)
      const reason = `no key: ${key.message}`
      this.emission.of({ key: '', position, arrival, values: [], asides: [{ tag: 'dead', value, reason }] })
      return
    }
    const resident = this.residents.wake(key)
    this.residents.order.heard(resident, arrival)
    this.turn(resident, 'event', value, arrival)
  }

  private keyFor(value: Timed): string | Error {
    try {
      const key = this.keyOf(value)
      checkKey('actor', key)
      return key
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  private turn(resident: Resident, kind: TurnKind, event: unknown, arrival: number): void {
    const { outputs } = this
    const verdict = this.supervision.turn(resident, kind, event, arrival, outputs)
    const { key } = resident
    const position = this.append(key, resident.hash, kind, verdict, arrival, event)
    resident.position = position
    this.session.checkpoints.mark(resident, position)
    crashPoint('turn done')
    if (outputs.isEmpty) return
    const { values, asides, questions } = outputs
    outputs.clear()
    if (values.length > 0 || asides.length > 0) {
      this.emission.of({ key, position, arrival, values, asides })
    }
    if (questions) this.lookups.ask(key, questions)
  }

  private append(
    actor: string,
    hash: number,
    kind: TurnKind,
    verdict: Verdict,
    arrival: number,
    event: unknown,
  ): number {
    const stage = actor === '' ? '' : this.name
    return this.session.commit.append({ stage, actor, hash, kind, verdict, arrival, event })
  }
}
