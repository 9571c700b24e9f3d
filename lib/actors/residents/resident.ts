import { encodeStateRow } from '../../state/state-row.ts'
import type { StateWrite } from '../../state/store.ts'
import type { Actor } from '../actor.ts'
import { type Checkpointed, Dirt } from '../commit/checkpoints.ts'
import type { Step, StepRow } from '../steps/step.ts'
import type { Breaker } from '../supervision/breaker.ts'

/** An actor's place in memory: the actor itself, and what the stage must know to save and to evict it. */
export class Resident implements Checkpointed {
  readonly stage: string
  readonly key: string
  readonly hash: number
  readonly dirt = new Dirt()
  actor: Actor
  /** Position of the last turn taken. */
  position = 0
  /** Wall time of the last event. */
  lastEvent = 0
  /** Ticks that this silence has had. */
  silence: 'none' | 'idle' | 'closed' = 'none'
  breaker: Breaker | undefined
  /** Whether it includes its part of the journal that an earlier process left. */
  isCaughtUp = false
  older: Resident | undefined
  newer: Resident | undefined

  constructor(stage: string, key: string, hash: number, actor: Actor) {
    this.stage = stage
    this.key = key
    this.hash = hash
    this.actor = actor
  }

  get rowOrder(): string {
    return this.key
  }

  takeRows(): readonly StateWrite[] {
    return this.actor.steps.flatMap((step) => step.takeDirty().map((row) => this.write(step, row)))
  }

  /** Every row, changed or not: a copy to go back to. */
  copyRows(): readonly StateWrite[] {
    return this.actor.steps.flatMap((step) => step.rows().map((row) => this.write(step, row)))
  }

  private write({ name, version }: Step, { subkey, state }: StepRow): StateWrite {
    const { position, stage, key } = this
    const bytes = encodeStateRow({ version, position, watermark: this.actor.watermark, state })
    return { stage, actor: key, step: name, subkey, bytes }
  }
}
