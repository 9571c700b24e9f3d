import type { Environment } from './environment/environment.ts'
import { decode } from './rows/codec.ts'
import { positionNote } from './rows/position-note.ts'
import { noteKey, readOutboxKey, readPosition } from './rows/row-keys.ts'
import { sinksOf } from './sinks-of.ts'

/**
 * Position of the newest turn that the store has anything of, 0 when it has none. Every commit of actors
 * notes the next one; what else was committed shows in the keys.
 */
export const lastPosition = (environment: Environment): number => {
  const { journal, outbox, notes } = environment
  let last = 0
  const next = notes.get(noteKey(positionNote))
  if (next) last = decode<number>(next) - 1
  const newest = journal.last()
  if (newest) last = Math.max(last, readPosition(newest.key, 0))
  for (const { range } of sinksOf(environment)) {
    const row = outbox.last(range)
    if (row) last = Math.max(last, readOutboxKey(row.key).position)
  }
  return last
}
