import type { OutboxKey, Store } from '../state/store.ts'
import { decodeMark, markName } from './relay-mark.ts'

const rowsAtOnce = 1_000

/**
 * How many rows in the outbox of `sink` its stream has not confirmed. Rows that it has confirmed stay in
 * the outbox a while and are not counted. A confirmation is noted within a second, and when drained.
 */
export const waitingRows = (store: Store, sink: string): number => {
  const mark = store.readNote(markName(sink))
  const outbox = store.outbox(sink)
  let after: OutboxKey | undefined = mark && decodeMark(mark).key
  for (let count = 0; ; ) {
    const rows = outbox.read(after, rowsAtOnce)
    if (rows.length === 0) return count
    count += rows.length
    after = rows.at(-1)
  }
}
