import { dataBytes, type Environment } from '../environment/environment.ts'
import { reusableBytes } from '../environment/reusable-bytes.ts'
import type { Table } from '../environment/table.ts'
import { lastPosition } from '../last-position.ts'
import type { Lineage } from '../lineage.ts'
import { shapesOf } from '../lmdb-reader.ts'
import { rangeOf, readName, readStateKey } from '../rows/row-keys.ts'
import type { StateShapes } from '../rows/state-shapes.ts'
import { senderStage } from '../sender-stage.ts'
import { type NamedRange, namesIn, sinksOf } from '../sinks-of.ts'
import { type JournalSize, journalSize } from './journal-size.ts'
import { type OutboxSize, outboxSize } from './outbox-size.ts'
import { rowsAtOnce } from './rows-at-once.ts'
import { type StageSize, StageSummary } from './stage-size.ts'

/** What is in a store, in numbers. Bytes of rows are those of their values, without keys and checksums. */
export interface StoreInspection extends Lineage {
  readonly format: number
  readonly fileBytes: number
  /** Inside the file, and free to be written again. */
  readonly freeBytes: number
  /** Position of the newest turn. */
  readonly position: number
  readonly stages: readonly StageSize[]
  /** Sources whose last deliveries are remembered, to recognise what is sent again. */
  readonly senders: { readonly rows: number; readonly bytes: number }
  readonly journal: JournalSize
  readonly outboxes: readonly OutboxSize[]
  /** Every database of the file with its rows, those that this version does not know as well. */
  readonly databases: readonly { readonly name: string; readonly rows: number; readonly isKnown: boolean }[]
}

export interface InspectOptions {
  /** How many of the largest actors of each stage are named, 10 unless given. */
  readonly largest?: number
  /** Told how many of how many rows have been read. */
  readonly onProgress?: (rows: number, of: number) => void
}

/**
 * Reads all of an open store once, a few hundred rows at a time. What is committed meanwhile may be counted.
 */
export const inspectEnvironment = (
  path: string,
  environment: Environment,
  { largest = 10, onProgress = () => {} }: InspectOptions = {},
): StoreInspection => {
  const { epoch, ancestors, format, journal, states, outbox } = environment
  const databases = databasesOf(environment)
  const of = rowsOf(states) + rowsOf(journal) + rowsOf(outbox)
  let rows = 0
  const onRows = (more: number): void => {
    rows += more
    onProgress(rows, of)
  }
  return {
    epoch,
    ancestors,
    format,
    fileBytes: dataBytes(path),
    freeBytes: reusableBytes(environment),
    position: lastPosition(environment),
    stages: stagesOf(states, shapesOf(environment), largest, onRows),
    senders: sendersOf(states, onRows),
    journal: journalSize(journal, onRows),
    outboxes: [...sinksOf(environment)].map(({ name, range }) => outboxSize(outbox, name, range, onRows)),
    databases,
  }
}

const rowsOf = (table: Table): number => (table.database.getStats() as { entryCount: number }).entryCount

const databasesOf = (environment: Environment): StoreInspection['databases'] => {
  const { facts, journal, states, due, outbox, notes, others } = environment
  const size = (table: Table, isKnown: boolean) => ({ name: table.name, rows: rowsOf(table), isKnown })
  return [
    ...[facts, journal, states, ...(due ? [due] : []), outbox, notes].map((table) => size(table, true)),
    ...others.map((table) => size(table, false)),
  ]
}

function stagesOf(
  states: Table,
  shapes: StateShapes,
  largest: number,
  onRows: (rows: number) => void,
): StageSize[] {
  return stageRanges(states).map(({ name, range }) => {
    const summary = new StageSummary(name, shapes, largest)
    for (const page of states.pages(range, rowsAtOnce)) {
      for (const { key, bytes } of page) {
        const actor = readName(key, range.start.length)
        summary.add(actor.name, readStateKey(key, actor.next).step, bytes)
      }
      onRows(page.length)
    }
    return summary.finish()
  })
}

/** Among the states are rows that are no actor's. */
export const stageRanges = (states: Table): NamedRange[] =>
  [...namesIn(states)].filter(({ name }) => name !== senderStage)

function sendersOf(states: Table, onRows: (rows: number) => void): StoreInspection['senders'] {
  const size = { rows: 0, bytes: 0 }
  for (const page of states.pages(rangeOf(senderStage), rowsAtOnce)) {
    size.rows += page.length
    for (const { bytes } of page) size.bytes += bytes.length
    onRows(page.length)
  }
  return size
}
