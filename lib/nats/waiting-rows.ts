import type { OutboxKey, OutboxRow, Store } from '../state/store.ts'
import { decodeMark, markName } from './relay-mark.ts'

const rowsAtOnce = 1_000

/**
 * How many rows in the outbox of `sink` its stream has not confirmed. Rows that it has confirmed stay in
 * the outbox a while and are not counted. A confirmation is noted within a second, and when drained.
 */
export const waitingRows = (store: Store, sink: string): number => {
  let count = 0
  for (const _ of unconfirmedRows(store, sink)) count++
  return count
}

/** The rows that `waitingRows` counts, in order. */
export function* unconfirmedRows(store: Store, sink: string): Generator<OutboxRow> {
  const mark = store.readNote(markName(sink))
  const outbox = store.outbox(sink)
  let after: OutboxKey | undefined = mark && decodeMark(mark).key
  for (let rows = outbox.read(after, rowsAtOnce); rows.length > 0; rows = outbox.read(after, rowsAtOnce)) {
    yield* rows
    after = rows.at(-1)
  }
}
