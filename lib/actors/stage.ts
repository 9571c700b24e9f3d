import { crashPoint } from '../state/crash-point.ts'
import type { JournalEntry, TurnKind, Verdict } from '../state/journal-entry.ts'
import { checkKey } from '../time/check-key.ts'
import type { Timed } from '../time/timed.ts'
import type { WallClock } from '../time/wall-clock.ts'
import type { ReplayedStage, ReplayProgress } from './commit/replay.ts'
import type { Emission } from './emission.ts'
import type { Answered } from './lookups/lookup.ts'
import type { Lookups } from './lookups/lookups.ts'
import type { Outcome } from './outcome.ts'
import type { Resident } from './residents/resident.ts'
import type { Residents } from './residents/residents.ts'
import type { Session } from './session.ts'
import type { SourceReader } from './sources/source.ts'
import { Supervision } from './supervision/supervision.ts'
import { TurnOutputs } from './turn-outputs.ts'

export interface StageOptions {
  readonly name: string
  readonly keyOf: (value: Timed) => string
  readonly session: Session
  readonly residents: Residents
  readonly lookups: Lookups
  readonly clock: WallClock
  readonly emission: Emission
  readonly fail: (reason: Error) => void
  readonly onReplay: (progress: ReplayProgress) => void
}

/**
 * Makes a turn of each value: finds the actor, gives it the entry, journals that and emits the outputs.
 */
export class Stage implements ReplayedStage, SourceReader {
  readonly name: string
  readonly fail: (reason: Error) => void
  readonly showProgress: (progress: ReplayProgress) => void
  private readonly keyOf: (value: Timed) => string
  private readonly session: Session
  private readonly residents: Residents
  private readonly lookups: Lookups
  private readonly clock: WallClock
  private readonly emission: Emission
  private readonly supervision: Supervision
  private readonly outputs = new TurnOutputs()

  constructor(options: StageOptions) {
    const { name, keyOf, session, residents, lookups, clock, emission, fail, onReplay } = options
    this.name = name
    this.keyOf = keyOf
    this.session = session
    this.residents = residents
    this.lookups = lookups
    this.clock = clock
    this.supervision = new Supervision(residents)
    this.emission = emission
    this.fail = fail
    this.showProgress = onReplay
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

  /** Takes the outputs of the stage before, in the same commit. Its side outputs go on past this stage. */
  takeOver(outcome: Outcome<Timed>): void {
    try {
      for (const value of outcome.values) this.take(value, outcome.arrival)
      if (outcome.asides.length > 0) this.emission.of(outcome.withoutValues())
      this.makeRoom()
    } catch (error) {
      this.session.commit.giveUp(error as Error)
    }
  }

  /** Called when values have been taken, after the last of those that came together. */
  makeRoom(): void {
    this.residents.makeRoom()
  }

  /** Takes a value that arrived at `arrival`, as a turn of its actor. */
  take(value: Timed, arrival: number): void {
    const key = this.keyFor(value)
    if (typeof key !== 'string') {
      this.reject(value, arrival, `no key: ${key.message}`)
      return
    }
    const resident = this.residents.wake(key)
    this.residents.order.heard(resident, arrival)
    this.turn(resident, 'event', value, arrival)
  }

  /** Makes a dead letter of a value that can reach no actor. It is journaled, so it has an id. */
  reject(value: unknown, arrival: number, reason: string): void {
    const position = this.append('', 0, 'event', 'dead', arrival, value)
    this.emission.of({ key: '', position, arrival, values: [], asides: [{ tag: 'dead', value, reason }] })
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
