import { decodeMark, markName } from '../../lib/nats/relay-mark.ts'
import { compareKeys } from '../../lib/nats/row-id.ts'
import type { StoreInspection } from '../../lib/state/inspection/inspect-store.ts'
import type { OutboxSize } from '../../lib/state/inspection/outbox-size.ts'
import type { StoreInspector } from '../../lib/state/inspection/store-inspector.ts'

/** An outbox, and whether its stream has confirmed all of it. */
export interface InspectedOutbox extends OutboxSize {
  /** False when all of its rows are confirmed, and are only kept until the server has synced them. */
  readonly isWaiting: boolean
}

/** Adds what the relay has noted of each outbox. */
export const withWaiting = (
  inspector: StoreInspector,
  inspection: StoreInspection,
): StoreInspection & { readonly outboxes: readonly InspectedOutbox[] } => ({
  ...inspection,
  outboxes: inspection.outboxes.map((outbox) => {
    const mark = inspector.readNote(markName(outbox.sink))
    return { ...outbox, isWaiting: !mark || compareKeys(decodeMark(mark).key, outbox.newest) < 0 }
  }),
})
