import type { Environment } from './environment/environment.ts'
import type { RowBatch } from './environment/row-batch.ts'
import { rowOverhead } from './environment/row-batch.ts'
import {
  dueKeyBound,
  noteKey,
  outboxKeyBound,
  stateKeyBound,
  writeDueKey,
  writeOutboxKey,
  writePosition,
  writeStateKey,
} from './rows/row-keys.ts'
import type { Commit } from './store.ts'

/** Most bytes that the rows of `commit` can take, keys and frames included. */
export const commitBound = (commit: Commit): number => {
  let bytes = 0
  for (const row of commit.journal) bytes += journalKeyBytes + row.bytes.length + rowOverhead
  for (const row of commit.states) {
    bytes += stateKeyBound(row.stage, row.actor, row.step, row.subkey) + row.bytes.length + rowOverhead
  }
  for (const { stage, actor } of commit.due ?? []) bytes += 2 * (dueKeyBound(stage, actor) + rowOverhead)
  for (const row of commit.outbox) bytes += outboxKeyBound(row.sink) + row.bytes.length + rowOverhead
  if (commit.notes) {
    for (const [name, value] of commit.notes) bytes += outboxKeyBound(name) + value.length + rowOverhead
  }
  return bytes
}

/**
 * Frames every row of `commit` into `batch`. Throws before anything is written when a key cannot be stored.
 */
export const frameCommit = (commit: Commit, tables: Environment, batch: RowBatch): void => {
  for (const { position, bytes } of commit.journal) {
    batch.add(tables.journal, (target, start) => writePosition(position, target, start), bytes)
  }
  for (const { stage, actor, step, subkey, bytes } of commit.states) {
    const writeKey = (target: Uint8Array, start: number): number =>
      writeStateKey(target, start, stage, actor, step, subkey)
    batch.add(tables.states, writeKey, bytes)
  }
  for (const { stage, actor, from, to } of commit.due ?? []) {
    const at =
      (time: number) =>
      (target: Uint8Array, start: number): number =>
        writeDueKey(target, start, stage, { time, actor })
    if (!tables.due) break
    if (from < Number.POSITIVE_INFINITY) batch.remove(tables.due, at(from))
    if (to < Number.POSITIVE_INFINITY) batch.add(tables.due, at(to), noBytes)
  }
  for (const row of commit.outbox) {
    batch.add(tables.outbox, (target, start) => writeOutboxKey(target, start, row.sink, row), row.bytes)
  }
  if (!commit.notes) return
  for (const [name, value] of commit.notes) {
    const key = noteKey(name)
    batch.add(tables.notes, (target, start) => start + key.copy(target, start), value)
  }
}

const journalKeyBytes = 8
const noBytes = new Uint8Array(0)
