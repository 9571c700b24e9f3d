import type { DueMove } from '../../state/store.ts'

/** Who may have a due row. */
export interface WithDueRow {
  readonly key: string
  /** The time of its row, flushed or on its way. Infinity when it has none. */
  due: number
  /** The time that goes with its state as it is saved now. */
  readonly dueWhenSaved: number
}

/** Notes that the row of an actor of `stage` is where it belongs. Returns the move, undefined when it was. */
export function moveDue(actor: WithDueRow, stage: string): DueMove | undefined {
  const { key, due: from, dueWhenSaved: to } = actor
  if (to === from) return undefined
  actor.due = to
  return { stage, actor: key, from, to }
}
