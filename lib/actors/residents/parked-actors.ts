import type { ActorProgress } from '../../state/rows/actor-row.ts'
import type { StateShapes } from '../../state/rows/state-shapes.ts'
import type { SavedActor } from '../../state/store.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { Checkpoints } from '../commit/checkpoints.ts'
import type { Pace } from '../commit/pace.ts'
import { restoreActor } from '../steps/restore-actor.ts'
import { Parked, type ParkedHost } from './parked.ts'
import type { Resident } from './resident.ts'

/** What those who park actors need of the stage. */
export interface ParkedActorsOptions extends ParkedHost {
  /** How many are parked at the most before they are saved at once. */
  readonly limit: number
  readonly checkpoints: Checkpoints
  readonly clock: WallClock
  readonly pace: Pace
  readonly shapes: StateShapes
  /** What the disk holds of an actor. */
  readonly savedOf: (key: string) => SavedActor
}

/** The actors of a stage that have left memory and are not saved yet. */
export class ParkedActors implements ParkedHost {
  readonly stage: string
  private readonly options: ParkedActorsOptions
  private readonly parked = new Map<string, Parked>()

  constructor(options: ParkedActorsOptions) {
    this.stage = options.stage
    this.options = options
  }

  get(key: string): Parked | undefined {
    return this.parked.get(key)
  }

  /** Whether `resident` can be parked: no row of it is on its way, and nobody looks for what it asks. */
  takes({ dirt, actor }: Resident): boolean {
    return !dirt.isSaving && actor.questions().next().done === true
  }

  /** Keeps the unsaved rows of `resident`, which leaves. */
  park(resident: Resident): void {
    const { checkpoints, clock, pace, limit } = this.options
    const parked = new Parked(this, resident)
    this.parked.set(resident.key, parked)
    // Nobody looks for its due row before that is on disk.
    const isDueSoon = parked.dueWhenSaved < clock.now() + 2 * pace.checkpointAfter
    if (isDueSoon || this.parked.size > limit) checkpoints.urge(parked)
  }

  /** Has `resident`, new and empty, take the place of `parked`. */
  revive(parked: Parked, resident: Resident): ActorProgress {
    const { shapes, savedOf } = this.options
    const { key, actor } = resident
    this.parked.delete(key)
    parked.dirt.owner = resident
    resident.isCaughtUp = parked.isCaughtUp
    const saved = parked.isWhole ? undefined : restoreActor(actor, savedOf(key), shapes, true)
    const { rows: states, progress } = parked
    if (saved && !progress) return saved
    return restoreActor(actor, { progress: progress?.bytes, states }, shapes, parked.isSaving)
  }

  unparked(parked: Parked): void {
    this.parked.delete(parked.key)
    this.options.unparked(parked)
  }
}
