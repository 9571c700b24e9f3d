import { crashPoint } from '../../state/crash-point.ts'
import type { JournalEntry } from '../../state/journal-entry.ts'
import { keyHash } from '../../state/key-hash.ts'
import type { StateRow } from '../../state/store.ts'
import type { Timed } from '../../time/timed.ts'
import { Actor } from '../actor.ts'
import type { Behavior } from '../behavior.ts'
import type { Answered } from '../lookups/lookup.ts'
import type { Session } from '../session.ts'
import { restoreActor } from '../steps/restore-actor.ts'
import { TurnOutputs } from '../turn-outputs.ts'
import type { StageValues } from '../values/stage-values.ts'
import { ArrivalOrder } from './arrival-order.ts'
import { Resident } from './resident.ts'

export interface ResidentsOptions {
  readonly stage: string
  readonly behavior: Behavior<Timed, unknown>
  readonly session: Session
  /** Actors in memory at the most, but for those that wait to be saved. */
  readonly limit: number
  readonly onMisuse: (reason: Error) => void
  readonly values: StageValues
  /** Called with every actor that comes back with all its past: what it waits for is to be asked again. */
  readonly onWake: (resident: Resident) => void
}

/**
 * The actors of a stage that are in memory: woken at their first touch, put to sleep when there are too many.
 */
export class Residents {
  readonly order = new ArrivalOrder()
  private readonly residents = new Map<string, Resident>()
  private readonly stage: string
  private readonly behavior: Behavior<Timed, unknown>
  private readonly session: Session
  private readonly limit: number
  private readonly onMisuse: (reason: Error) => void
  private readonly values: StageValues
  private readonly onWake: (resident: Resident) => void
  /** What a replayed turn puts out is already in the outbox. */
  private readonly discarded = new TurnOutputs()

  constructor({ stage, behavior, session, limit, onMisuse, values, onWake }: ResidentsOptions) {
    this.stage = stage
    this.behavior = behavior
    this.session = session
    this.limit = limit
    this.onMisuse = onMisuse
    this.values = values
    this.onWake = onWake
  }

  get size(): number {
    return this.residents.size
  }

  has(key: string): boolean {
    return this.residents.has(key)
  }

  /** Those in memory at the time of the call. */
  all(): readonly Resident[] {
    return [...this.residents.values()]
  }

  /** The actor of `key` with all its past, for the sake of something that arrives now. */
  wake(key: string): Resident {
    const known = this.residents.get(key)
    if (known && (known.isCaughtUp || !this.session.isReplaying)) return known
    const resident = known ?? this.load(key)
    if (this.session.isReplaying) {
      this.replayAll(resident, this.session.tail.entriesOf(resident.hash, resident.position + 1))
      resident.isCaughtUp = true
    }
    this.onWake(resident)
    return resident
  }

  /** Gives one entry of the journal to its actor, unless its saved state includes it. */
  replay(entry: JournalEntry): void {
    const resident = this.residents.get(entry.actor) ?? this.load(entry.actor)
    if (entry.position > resident.position) this.replayAll(resident, [entry])
    this.noteArrival(resident, entry)
  }

  /** Replaces the actor by one without a trace of the turn it has just failed. */
  revert(resident: Resident, copy: readonly StateRow[] | undefined): void {
    const { key, hash, dirt } = resident
    resident.actor = this.build(key)
    if (copy) {
      restoreActor(resident.actor, copy, false)
      return
    }
    resident.position = restoreActor(resident.actor, this.rowsOf(key), true)
    if (dirt.isClean) return
    const { tail, commit } = this.session
    // The journal is not searched before the first turn that no row includes, as long as that is known.
    const from = dirt.isSaving ? resident.position + 1 : Math.max(resident.position + 1, dirt.from)
    this.replayAll(resident, tail.entriesOf(hash, from))
    this.replayAll(resident, commit.entriesOf(hash, from))
  }

  /** Takes quiet actors out of memory while there are too many. Those with unsaved state are saved first. */
  makeRoom(): void {
    let excess = this.residents.size - this.limit
    for (let resident = this.order.oldest; resident && excess > 0; excess--) {
      const { newer, dirt } = resident
      if (dirt.isClean) this.passivate(resident)
      else if (dirt.from !== 0) this.session.checkpoints.urge(resident)
      resident = newer
    }
  }

  private passivate(resident: Resident): void {
    this.order.remove(resident)
    this.residents.delete(resident.key)
    resident.actor.stop()
    crashPoint('passivation')
  }

  private build(key: string): Actor {
    return new Actor(key, this.behavior, this.onMisuse, this.values)
  }

  private load(key: string): Resident {
    const actor = this.build(key)
    const resident = new Resident(this.stage, key, keyHash(key), actor)
    resident.position = restoreActor(actor, this.rowsOf(key), true)
    this.residents.set(key, resident)
    this.order.touch(resident)
    return resident
  }

  /** Saved rows do not say when an actor was last heard of; its last entries in the journal do. */
  private noteArrival(resident: Resident, { kind, arrival }: JournalEntry): void {
    if (arrival < resident.lastEvent) return
    if (kind === 'event' || resident.lastEvent === 0) resident.lastEvent = arrival
    if (kind === 'answer') return
    resident.silence = kind === 'event' ? 'none' : kind === 'idle' ? 'idle' : 'closed'
  }

  private rowsOf(key: string): readonly StateRow[] {
    return this.session.store.readStates(this.stage, key)
  }

  private replayAll(resident: Resident, entries: Iterable<JournalEntry>): void {
    for (const entry of entries) {
      const { position, stage, actor, arrival } = entry
      if (actor !== resident.key || stage !== this.stage || position <= resident.position) continue
      this.repeat(resident.actor, entry)
      if (!this.discarded.isEmpty) this.discarded.clear()
      resident.position = position
      this.session.checkpoints.mark(resident, position, arrival)
    }
  }

  private repeat(actor: Actor, { position, kind, verdict, event, arrival }: JournalEntry): void {
    if (kind === 'value') return
    if (verdict === 'accepted') {
      this.values.at(position, () => actor.turn(kind, event, arrival, this.discarded))
    } else if (kind === 'answer') {
      actor.forget(event as Answered)
    }
  }
}
