import { decodeStateRow, type Silence } from '../../state/state-row.ts'
import type { StateRow } from '../../state/store.ts'
import type { Actor } from '../actor.ts'

/** A state was saved by another version of its step. */
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
 * Puts saved rows back into a new actor and its clock where it was. Rows of steps that the behavior no longer
 * has are left alone.
 */
export function restoreActor(actor: Actor, rows: readonly StateRow[], isSaved: boolean): Restored {
  let latest: Restored & { readonly watermark: number } = nothingSaved
  for (const { step: name, subkey, bytes } of rows) {
    const step = actor.steps.find((candidate) => candidate.name === name)
    if (!step) continue
    const saved = decodeStateRow(bytes)
    if (saved.version !== step.version) {
      throw new StepVersionMismatch(
        `The state of step "${name}" of actor "${actor.key}" was saved by version ${saved.version} of the step, ` +
          `and this is version ${step.version}. Give the changed step a new name, or start from an empty store`,
      )
    }
    step.restore(subkey, saved.state, isSaved)
    if (saved.position >= latest.position) latest = saved
  }
  actor.resumeAt(latest.watermark)
  return latest
}

const nothingSaved: Restored & { readonly watermark: number } = {
  position: 0,
  lastEvent: 0,
  silence: 'none',
  watermark: Number.NEGATIVE_INFINITY,
}
