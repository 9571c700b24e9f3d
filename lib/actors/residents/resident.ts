import { encodeStateRow, type Silence } from '../../state/rows/state-row.ts'
import type { StateShapes } from '../../state/rows/state-shapes.ts'
import type { DueMove, StateWrite } from '../../state/store.ts'
import type { Actor } from '../actor.ts'
import { type Checkpointed, Dirt } from '../commit/checkpoints.ts'
import type { Step, StepRow } from '../steps/step.ts'
import type { Breaker } from '../supervision/breaker.ts'
import { moveDue, type WithDueRow } from './due-move.ts'
import type { Listed, ResidentList } from './resident-list.ts'
import { nextTick, type SilenceTimes } from './silence-times.ts'

/** What a resident needs of those it is among. */
export interface ResidentHost {
  readonly stage: string
  readonly times: SilenceTimes
  readonly shapes: StateShapes
  /** Its state is on the disk as it was when it was taken. */
  saved(resident: Resident): void
}

/** An actor's place in memory: the actor itself, and what the stage must know to save and to evict it. */
export class Resident implements Checkpointed, WithDueRow, Listed<Resident> {
  readonly key: string
  readonly hash: number
  readonly dirt: Dirt
  actor: Actor
  /** Position of the last turn taken. */
  position = 0
  /** Wall time of the last event. */
  lastEvent = 0
  /** Ticks that this silence has had. */
  silence: Silence = 'none'
  due = Number.POSITIVE_INFINITY
  breaker: Breaker | undefined
  /** Whether it includes its part of the journal that an earlier process left. */
  isCaughtUp = false
  /** It leaves memory as soon as it is saved, unless something arrives for it. It is in no list by then. */
  isLeaving = false
  /** Wall time at which it moved in its list, in whole steps of that list's precision. */
  movedAt = 0
  /** It has not heard yet what it was woken for. */
  isNewcomer = false
  list: ResidentList<Resident> | undefined
  older: Resident | undefined
  newer: Resident | undefined
  private readonly host: ResidentHost

  constructor(host: ResidentHost, key: string, hash: number, actor: Actor, dirt: Dirt = new Dirt()) {
    this.host = host
    this.key = key
    this.hash = hash
    this.actor = actor
    this.dirt = dirt
  }

  get rowOrder(): string {
    return this.key
  }

  /** When an actor with these rows is due for its next tick, Infinity for never. */
  get dueWhenSaved(): number {
    if (this.lastEvent === 0 || !this.actor.isPendingWhenSaved) return Number.POSITIVE_INFINITY
    return nextTick(this.host.times, this)
  }

  takeRows(): readonly StateWrite[] {
    const rows = this.dirtyRows()
    const due = rows.length === 0 ? this.dueWhenSaved : Number.POSITIVE_INFINITY
    if (due === Number.POSITIVE_INFINITY || due === this.due) return rows
    // The last event changed no state; that it came must be saved all the same.
    for (const step of this.actor.steps) step.touch()
    return this.dirtyRows()
  }

  takeDue(): DueMove | undefined {
    return moveDue(this, this.host.stage)
  }

  saved(): void {
    this.host.saved(this)
  }

  /** Rows that it has, changed or not. */
  get rowCount(): number {
    return this.actor.steps.reduce((count, step) => count + step.rows().length, 0)
  }

  /** Every row, changed or not: a copy to go back to. */
  copyRows(): readonly StateWrite[] {
    return this.actor.steps.flatMap((step) => step.rows().map((row) => this.write(step, row)))
  }

  private dirtyRows(): StateWrite[] {
    return this.actor.steps.flatMap((step) => step.takeDirty().map((row) => this.write(step, row)))
  }

  private write({ name, version }: Step, { subkey, state }: StepRow): StateWrite {
    const { position, key, lastEvent, silence, host } = this
    const { watermark } = this.actor
    const bytes = encodeStateRow({ version, position, watermark, state, lastEvent, silence }, host.shapes)
    return { stage: host.stage, actor: key, step: name, subkey, bytes }
  }
}
