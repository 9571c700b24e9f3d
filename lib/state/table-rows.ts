import type { RowBatch } from './environment/row-batch.ts'
import { rowOverhead } from './environment/row-batch.ts'
import type { StoreTables } from './environment/store-tables.ts'
import { dueKeyBound, writeDueKey } from './rows/due-keys.ts'
import { noteKey, outboxKeyBound, writeOutboxKey } from './rows/row-keys.ts'
import { actorKeyBound, stateKeyBound, writeActorKey, writeStateKey } from './rows/state-keys.ts'
import type { ActorWrite, Checkpoint, OutboxWrite, StateWrite } from './store.ts'

/** Rows that go to the tables in one transaction. */
export type TableRows = Omit<Checkpoint, 'trimJournalBefore'> & { readonly outbox?: readonly OutboxWrite[] }

/** Most bytes that `rows` can take, keys and frames included. */
export const rowsBound = ({ states, due = [], outbox = [], notes }: TableRows): number => {
  let bytes = 0
  for (const row of states) {
    bytes += keyBound(row) + row.bytes.length + rowOverhead
  }
  for (const { stage, actor } of due) bytes += 2 * (dueKeyBound(stage, actor) + rowOverhead)
  for (const row of outbox) bytes += outboxKeyBound(row.sink) + row.bytes.length + rowOverhead
  if (notes) {
    for (const [name, value] of notes) bytes += outboxKeyBound(name) + value.length + rowOverhead
  }
  return bytes
}

/**
 * Frames every row into `batch`. Throws before anything is written when a key cannot be stored.
 */
export const frameRows = (rows: TableRows, tables: StoreTables, batch: RowBatch): void => {
  const { states, due = [], outbox = [], notes } = rows
  for (const row of states) {
    batch.add(tables.states, (target, start) => writeKey(target, start, row), row.bytes)
  }
  for (const { stage, actor, from, to } of due) {
    const at =
      (time: number) =>
      (target: Uint8Array, start: number): number =>
        writeDueKey(target, start, stage, { time, actor })
    if (!tables.due) break
    if (from < Number.POSITIVE_INFINITY) batch.remove(tables.due, at(from))
    if (to < Number.POSITIVE_INFINITY) batch.add(tables.due, at(to), noBytes)
  }
  for (const row of outbox) {
    batch.add(tables.outbox, (target, start) => writeOutboxKey(target, start, row.sink, row), row.bytes)
  }
  if (!notes) return
  for (const [name, value] of notes) {
    const key = noteKey(name)
    batch.add(tables.notes, (target, start) => start + key.copy(target, start), value)
  }
}

const keyBound = (row: ActorWrite | StateWrite): number =>
  row.step === undefined
    ? actorKeyBound(row.stage, row.actor)
    : stateKeyBound(row.stage, row.actor, row.step, row.subkey)

const writeKey = (target: Uint8Array, start: number, row: ActorWrite | StateWrite): number =>
  row.step === undefined
    ? writeActorKey(target, start, row.stage, row.actor)
    : writeStateKey(target, start, row.stage, row.actor, row.step, row.subkey)

const noBytes = new Uint8Array(0)
