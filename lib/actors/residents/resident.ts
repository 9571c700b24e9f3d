import { encodeActorRow, type Silence } from '../../state/rows/actor-row.ts'
import { groupOfHash } from '../../state/rows/key-group.ts'
import { encodeStateRow } from '../../state/rows/state-row.ts'
import type { StateShapes } from '../../state/rows/state-shapes.ts'
import type { ActorWrite, DueMove, SavedActor, StateWrite } from '../../state/store.ts'
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
  /** Something of it has been saved, or is on its way to the disk. */
  isKept = false
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

  get group(): number {
    return groupOfHash(this.hash)
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
    const rows = this.actor.steps.flatMap((step) => step.takeDirty().map((row) => this.write(step, row)))
    if (rows.length > 0) this.isKept = true
    return rows
  }

  /** Also when no state has changed: that an event came is saved. An actor that keeps nothing has no row. */
  takeProgress(): ActorWrite | undefined {
    if (this.dueWhenSaved < Number.POSITIVE_INFINITY) this.isKept = true
    return this.isKept ? { stage: this.host.stage, actor: this.key, bytes: this.progress() } : undefined
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

  /** All of it, changed or not: a copy to go back to. */
  copy(): SavedActor {
    const states = this.actor.steps.flatMap((step) => step.rows().map((row) => this.write(step, row)))
    return { progress: this.progress(), states }
  }

  private progress(): Uint8Array {
    const { position, lastEvent, silence } = this
    return encodeActorRow({ position, watermark: this.actor.watermark, lastEvent, silence })
  }

  private write({ name, version }: Step, { subkey, state }: StepRow): StateWrite {
    const { key, host } = this
    const bytes = encodeStateRow({ version, state }, host.shapes)
    return { stage: host.stage, actor: key, step: name, subkey, bytes }
  }
}
