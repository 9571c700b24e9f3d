import { decodeStateRow, type SavedState, type Silence } from '../../state/rows/state-row.ts'
import type { StateShapes } from '../../state/rows/state-shapes.ts'
import type { StateRow } from '../../state/store.ts'
import { StateNotMigrated } from '../../time/migrate-state.ts'
import type { Actor } from '../actor.ts'
import type { Step } from './step.ts'

/** A state was saved by another version of its step, and cannot be brought to this one. */
export class StepVersionMismatch extends Error {
  override readonly name = 'StepVersionMismatch'
}

/** What saved rows say of the actor as a whole. */
export interface Restored {
  /** Position of the last turn they include, 0 when there are none. */
  readonly position: number
  readonly lastEvent: number
  readonly silence: Silence
}

/**
 * Puts saved rows back into a new actor and its clock where it was. A state of an older version is migrated,
 * and its row rewritten when it is saved next. Rows of steps that the behavior no longer has are left alone.
 */
export function restoreActor(
  actor: Actor,
  rows: readonly StateRow[],
  shapes: StateShapes,
  isSaved: boolean,
): Restored {
  let latest: Restored & { readonly watermark: number } = nothingSaved
  for (const { step: name, subkey, bytes } of rows) {
    const step = actor.steps.find((candidate) => candidate.name === name)
    if (!step) continue
    const saved = decodeStateRow(bytes, shapes)
    restoreRow(actor, step, subkey, saved, isSaved)
    if (saved.position >= latest.position) latest = saved
  }
  actor.resumeAt(latest.watermark)
  return latest
}

function restoreRow(
  { key }: Actor,
  step: Step,
  subkey: string,
  { state, version }: SavedState,
  isSaved: boolean,
): void {
  try {
    step.restore(subkey, step.migrate(state, version), isSaved)
  } catch (error) {
    if (!(error instanceof StateNotMigrated)) throw error
    const words = `The state of step "${step.name}" of actor "${key}" cannot be used: ${error.message}`
    throw new StepVersionMismatch(words, { cause: error })
  }
}

const nothingSaved: Restored & { readonly watermark: number } = {
  position: 0,
  lastEvent: 0,
  silence: 'none',
  watermark: Number.NEGATIVE_INFINITY,
}
