import { crashPoint } from '../../state/crash-point.ts'
import type { JournalEntry } from '../../state/journal-entry.ts'
import { keyHash } from '../../state/rows/key-hash.ts'
import type { StateShapes } from '../../state/rows/state-shapes.ts'
import type { Due, SavedActor } from '../../state/store.ts'
import type { Timed } from '../../time/timed.ts'
import { Actor } from '../actor.ts'
import type { Behavior } from '../behavior.ts'
import type { Session } from '../session.ts'
import { restoreActor } from '../steps/restore-actor.ts'
import type { StageValues } from '../values/stage-values.ts'
import { DueRows } from './due-rows.ts'
import { EvictionOrder } from './eviction-order.ts'
import { ParkedActors } from './parked-actors.ts'
import { RepeatTurns } from './repeat-turns.ts'
import { Resident, type ResidentHost } from './resident.ts'
import type { SilenceTimes } from './silence-times.ts'

export interface ResidentsOptions {
  readonly stage: string
  readonly behavior: Behavior<Timed, unknown>
  readonly session: Session
  /** Actors in memory at the most, but for those that wait to be saved. */
  readonly limit: number
  readonly times: SilenceTimes
  readonly onMisuse: (reason: Error) => void
  readonly values: StageValues
  /** Called with every actor that comes back with all its past: what it waits for is to be asked again. */
  readonly onWake: (resident: Resident) => void
}

/**
 * The actors of a stage that are in memory: woken at their first touch, put to sleep when there are too many.
 */
export class Residents implements ResidentHost {
  readonly order: EvictionOrder
  readonly due: DueRows
  readonly stage: string
  readonly times: SilenceTimes
  readonly shapes: StateShapes
  private readonly residents = new Map<string, Resident>()
  private readonly parked: ParkedActors
  private readonly repeat: RepeatTurns
  /** How many of them leave as soon as they are saved. */
  private leaving = 0
  private readonly behavior: Behavior<Timed, unknown>
  private readonly session: Session
  private readonly limit: number
  private readonly onMisuse: (reason: Error) => void
  private readonly values: StageValues
  private readonly onWake: (resident: Resident) => void

  constructor({ stage, behavior, session, limit, times, onMisuse, values, onWake }: ResidentsOptions) {
    this.stage = stage
    this.times = times
    this.order = new EvictionOrder(limit)
    this.due = new DueRows(session.store, stage)
    this.behavior = behavior
    this.session = session
    this.shapes = session.store.shapes
    this.limit = limit
    this.onMisuse = onMisuse
    this.values = values
    this.onWake = onWake
    const { checkpoints, clock, pace } = session
    this.repeat = new RepeatTurns({ stage, order: this.order, checkpoints, values })
    this.parked = new ParkedActors({
      stage,
      limit,
      checkpoints,
      clock,
      pace,
      shapes: this.shapes,
      savedOf: (key) => this.savedOf(key),
      unparked: ({ due }) => this.left(due),
    })
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
    const known = this.find(key)
    if (known && (known.isCaughtUp || !this.session.isReplaying)) return known
    const resident = known ?? this.loadNewest(key)
    if (this.session.isReplaying) {
      this.repeat.all(resident, this.session.replay.entriesOf(resident.hash, resident.position + 1))
      resident.isCaughtUp = true
    }
    this.onWake(resident)
    return resident
  }

  /** The actor of a due row, if it is asleep: who is in memory is looked at there. */
  wakeDue({ actor: key, time }: Due): Resident | undefined {
    const known = this.residents.get(key)
    if (known) {
      if (known.due !== time) this.dropDue(key, time)
      return undefined
    }
    const parked = this.parked.get(key)
    if (parked && parked.due !== time) {
      this.dropDue(key, time)
      return undefined
    }
    const resident = this.load(key)
    resident.due = time
    // It is the first to leave again: what was silent must not push out what is not.
    this.order.enterSilent(resident)
    this.onWake(resident)
    return resident
  }

  /** Has the due row of an actor saved anew: it was not where it should be, or should not be at all. */
  correctDue(resident: Resident): void {
    this.session.checkpoints.mark(resident, this.session.commit.next)
    this.session.commit.schedule()
  }

  /** Gives one entry of the journal to its actor, unless its saved state includes it. */
  replay(entry: JournalEntry): void {
    const resident = this.find(entry.actor) ?? this.loadNewest(entry.actor)
    if (entry.position > resident.position) this.repeat.all(resident, [entry])
    else this.repeat.noteArrival(resident, entry)
    this.makeRoom()
  }

  /** Replaces the actor by one without a trace of the turn it has just failed. */
  revert(resident: Resident, copy: SavedActor | undefined): void {
    const { key, hash, dirt } = resident
    resident.actor = this.build(key)
    if (copy) {
      restoreActor(resident.actor, copy, this.shapes, false)
      return
    }
    resident.position = restoreActor(resident.actor, this.savedOf(key), this.shapes, true).position
    if (dirt.isClean) return
    const { tail, commit } = this.session
    // The journal is not searched before the first turn that no row includes, as long as that is known.
    const from = dirt.isSaving ? resident.position + 1 : Math.max(resident.position + 1, dirt.from)
    this.repeat.all(resident, tail.entriesOf(hash, from))
    this.repeat.all(resident, commit.entriesOf(hash, from))
  }

  /**
   * Takes quiet actors out of memory while there are too many. Of one with unsaved state the rows are kept
   * until they are saved, and all of it while some of them are on their way, or while it waits for an answer:
   * whoever looks for questions finds those of an actor that is in memory, or on disk.
   */
  makeRoom(): void {
    while (this.residents.size - this.leaving > this.limit) {
      const resident = this.order.nextToLeave()
      if (!resident) return
      this.order.leave(resident)
      if (resident.dirt.isClean) {
        this.passivate(resident)
      } else if (this.parked.takes(resident)) {
        this.parked.park(resident)
        this.forget(resident)
      } else {
        resident.isLeaving = true
        this.leaving++
        if (resident.dirt.from !== 0) this.session.checkpoints.urge(resident)
      }
    }
  }

  saved(resident: Resident): void {
    if (!resident.isLeaving || !resident.dirt.isClean) return
    this.leaving--
    this.passivate(resident)
  }

  private passivate(resident: Resident): void {
    this.forget(resident)
    this.left(resident.due)
  }

  private forget({ key, actor }: Resident): void {
    this.residents.delete(key)
    actor.stop()
  }

  /** An actor is on disk alone, with its due row at `due`. */
  private left(due: number): void {
    this.due.leftBehind(due)
    crashPoint('passivation')
  }

  /** The actor of `key` if it is in memory. Was it about to leave, it stays. */
  private find(key: string): Resident | undefined {
    const resident = this.residents.get(key)
    if (resident?.isLeaving) {
      resident.isLeaving = false
      this.leaving--
      this.order.enter(resident)
    }
    return resident
  }

  private build(key: string): Actor {
    return new Actor(key, this.behavior, this.onMisuse, this.values)
  }

  private load(key: string): Resident {
    const actor = this.build(key)
    const parked = this.parked.get(key)
    const resident = new Resident(this, key, parked?.hash ?? keyHash(key), actor, parked?.dirt)
    const { position, lastEvent, silence } = parked
      ? this.parked.revive(parked, resident)
      : restoreActor(actor, this.savedOf(key), this.shapes, true)
    resident.isKept = position > 0
    resident.position = position
    resident.lastEvent = lastEvent
    resident.silence = silence
    resident.due = parked ? parked.due : resident.dueWhenSaved
    this.residents.set(key, resident)
    return resident
  }

  private dropDue(actor: string, from: number): void {
    this.session.checkpoints.dropDue({ stage: this.stage, actor, from })
  }

  private loadNewest(key: string): Resident {
    const resident = this.load(key)
    this.order.enter(resident)
    return resident
  }

  private savedOf(key: string): SavedActor {
    return this.session.store.readActor(this.stage, key)
  }
}
