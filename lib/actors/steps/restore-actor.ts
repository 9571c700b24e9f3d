import { type ActorProgress, decodeActorRow, noProgress } from '../../state/rows/actor-row.ts'
import { decodeStateRow, type SavedState } from '../../state/rows/state-row.ts'
import type { StateShapes } from '../../state/rows/state-shapes.ts'
import type { SavedActor } from '../../state/store.ts'
import { StateNotMigrated } from '../../time/migrate-state.ts'
import type { Actor } from '../actor.ts'
import type { Step } from './step.ts'

/** A state was saved by another version of its step, and cannot be brought to this one. */
export class StepVersionMismatch extends Error {
  override readonly name = 'StepVersionMismatch'
}

/**
 * Puts saved states back into a new actor and its clock where it was, and returns how far it had come. A
 * state of an older version is migrated, and its row rewritten when it is saved next. Rows of steps that the
 * behavior no longer has are left alone.
 */
export function restoreActor(
  actor: Actor,
  { progress, states }: SavedActor,
  shapes: StateShapes,
  isSaved: boolean,
): ActorProgress {
  for (const { step: name, subkey, bytes } of states) {
    const step = actor.steps.find((candidate) => candidate.name === name)
    if (step) restoreRow(actor, step, subkey, decodeStateRow(bytes, shapes), isSaved)
  }
  const reached = progress ? decodeActorRow(progress) : noProgress
  actor.resumeAt(reached.watermark)
  return reached
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
