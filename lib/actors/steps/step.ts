import type { StateVersion } from '../../time/state-version.ts'
import type { Downstream, StepTurn } from './step-turn.ts'

/** One row of a step's state. */
export interface StepRow {
  readonly subkey: string
  readonly state: unknown
}

/** A durable step at run time: a processor, its state, and what of it must be saved. */
export interface Step extends Downstream {
  readonly name: string
  /** Of the states it saves. */
  readonly version: StateVersion
  readonly turn: StepTurn
  /** Sub-key whose state is at hand, empty for a step with one state. */
  readonly subkey: string
  /** No timer is due before this; exact after `onTime`. */
  readonly due: number
  /** Silence alone says something to it, though no timer is due. */
  readonly awaitsSilence: boolean
  onTime(time: number): void
  onIdle(): void
  /** Brings a saved state to the present version. Throws `StateNotMigrated`. */
  migrate(state: unknown, from: StateVersion): unknown
  /** Puts back a row. `isSaved` is false when the disk does not hold it yet. */
  restore(subkey: string, state: unknown, isSaved: boolean): void
  /** Rows changed since the last call. */
  takeDirty(): readonly StepRow[]
  /** All rows. */
  rows(): readonly StepRow[]
}
