import { migrateState, StateNotMigrated } from '../../time/migrate-state.ts'
import type { Processor } from '../../time/processor.ts'
import { type StateVersion, versionOf } from '../../time/state-version.ts'
import type { Timed } from '../../time/timed.ts'
import { checkDue } from './check-due.ts'
import type { Step, StepRow } from './step.ts'
import type { StepTurn } from './step-turn.ts'

/** A durable step with one state. */
export class SingleStep implements Step {
  readonly name: string
  readonly turn: StepTurn
  due = Number.POSITIVE_INFINITY
  private readonly processor: Processor<Timed, unknown>
  private state: unknown
  private dirty = false

  constructor(name: string, processor: Processor<Timed, unknown>, turn: StepTurn) {
    this.name = name
    this.processor = processor
    this.turn = turn
    this.state = processor.create()
  }

  get version(): StateVersion {
    return versionOf(this.processor)
  }

  get subkey(): string {
    return ''
  }

  get awaitsSilence(): boolean {
    return this.processor.awaitsSilence?.(this.state) ?? false
  }

  next(event: Timed): void {
    const { turn } = this
    this.dirty = true
    this.processor.onEvent(this.state, event, turn, turn)
    this.schedule()
  }

  onTime(time: number): void {
    const { turn } = this
    this.dirty = true
    this.processor.onTime?.(this.state, time, turn, turn)
    this.schedule()
  }

  onIdle(): void {
    const { processor, turn } = this
    if (!processor.onIdle) return
    this.dirty = true
    processor.onIdle(this.state, turn, turn)
  }

  migrate(state: unknown, from: StateVersion): unknown {
    return migrateState(this.processor, state, from)
  }

  restore(subkey: string, state: unknown, isSaved: boolean): void {
    if (subkey !== '') {
      throw new StateNotMigrated(
        `it was saved with a state for each sub-key, such as "${subkey}", and keeps one for all now. Give the ` +
          'changed step a new name, or start from an empty store',
      )
    }
    this.state = state
    this.dirty = !isSaved
    if (this.processor.due) this.due = this.processor.due(state)
  }

  takeDirty(): readonly StepRow[] {
    if (!this.dirty) return []
    this.dirty = false
    return this.rows()
  }

  rows(): readonly StepRow[] {
    return [{ subkey: '', state: this.state }]
  }

  private schedule(): void {
    if (this.processor.due) this.due = checkDue(this.name, this.processor.due(this.state))
  }
}
