import { epochAt, type Lineage } from '../state/lineage.ts'
import type { OutboxKey } from '../state/store.ts'

/**
 * Name of one output for ever: the store's epoch, the journal position of its turn, its index within the
 * turn. It is the `Nats-Msg-Id` and the CloudEvents id, and its order is the order of publication.
 */
export const rowId = (epoch: string, { position, index }: OutboxKey): string =>
  `${epoch}-${position}-${index}`

/** The id of a row that `store` holds: a row from before it was restored keeps the one it had. */
export const idOfRow = (store: Lineage, key: OutboxKey): string => rowId(epochAt(store, key.position), key)

export interface RowId {
  readonly epoch: string
  readonly key: OutboxKey
}

/** The parts of an id made by `rowId`, or undefined for a message that no store wrote. */
export const parseRowId = (id: string): RowId | undefined => {
  const parts = /^(.+)-(0|[1-9]\d{0,15})-(0|[1-9]\d{0,9})$/.exec(id)
  return parts
    ? { epoch: parts[1]!, key: { position: Number(parts[2]), index: Number(parts[3]) } }
    : undefined
}

/** Negative when `one` comes before `other`, 0 when they are the same row. */
export const compareKeys = (one: OutboxKey, other: OutboxKey): number =>
  one.position - other.position || one.index - other.index
