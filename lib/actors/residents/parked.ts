import { groupOfHash } from '../../state/rows/key-group.ts'
import type { ActorWrite, DueMove, StateWrite } from '../../state/store.ts'
import type { Checkpointed, Dirt } from '../commit/checkpoints.ts'
import { moveDue, type WithDueRow } from './due-move.ts'
import type { Resident } from './resident.ts'

/** What the parked need of those they are among. */
export interface ParkedHost {
  readonly stage: string
  /** Its rows are on the disk. */
  unparked(parked: Parked): void
}

/**
 * What memory keeps of an actor that has left it before it was saved: the rows that the disk does not hold
 * yet, encoded. They are saved in their turn, with their neighbours; woken before that, the actor is made
 * from them.
 */
export class Parked implements Checkpointed, WithDueRow {
  readonly key: string
  readonly hash: number
  readonly dirt: Dirt
  readonly isCaughtUp: boolean
  /** Rows that changed. What else there is of the actor is on the disk. */
  readonly rows: readonly StateWrite[]
  /** Its own row, if it is to be saved. */
  readonly progress: ActorWrite | undefined
  /** There is nothing else of it. */
  readonly isWhole: boolean
  due: number
  readonly dueWhenSaved: number
  private readonly host: ParkedHost

  /** Takes the place of `resident`, none of whose rows may be on their way to the disk. */
  constructor(host: ParkedHost, resident: Resident) {
    this.host = host
    this.key = resident.key
    this.hash = resident.hash
    this.dirt = resident.dirt
    this.isCaughtUp = resident.isCaughtUp
    // An array of its own length: they are kept by the ten thousand.
    this.rows = resident.takeRows().slice()
    this.progress = resident.takeProgress()
    this.isWhole = this.rows.length === resident.rowCount
    this.due = resident.due
    this.dueWhenSaved = resident.dueWhenSaved
    this.dirt.owner = this
  }

  get group(): number {
    return groupOfHash(this.hash)
  }

  get rowOrder(): string {
    return this.key
  }

  /** Whether its rows are on their way to the disk. */
  get isSaving(): boolean {
    return this.dirt.from === 0
  }

  takeRows(): readonly StateWrite[] {
    return this.rows
  }

  takeProgress(): ActorWrite | undefined {
    return this.progress
  }

  takeDue(): DueMove | undefined {
    return moveDue(this, this.host.stage)
  }

  saved(): void {
    this.host.unparked(this)
  }
}
