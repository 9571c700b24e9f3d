import { dataBytes, type Environment } from '../environment.ts'
import { readRowEntries, readRowHashes } from '../journal-row.ts'
import { lastPosition } from '../last-position.ts'
import type { Lineage } from '../lineage.ts'
import { shapesOf } from '../lmdb-reader.ts'
import { reusableBytes } from '../reusable-bytes.ts'
import { rangeOf, readName, readOutboxKey, readPosition, readStateKey } from '../row-keys.ts'
import { senderStage } from '../sender-stage.ts'
import { type NamedRange, namesIn, sinksOf } from '../sinks-of.ts'
import type { StateShapes } from '../state-shapes.ts'
import type { OutboxKey } from '../store.ts'
import type { Table } from '../table.ts'
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

export interface JournalSize {
  readonly rows: number
  readonly entries: number
  readonly bytes: number
  /** Positions and wall times of arrival of the first and the last entry, undefined when there is none. */
  readonly oldest: { readonly position: number; readonly arrival: number } | undefined
  readonly newest: { readonly position: number; readonly arrival: number } | undefined
}

export interface OutboxSize {
  readonly sink: string
  readonly rows: number
  readonly bytes: number
  readonly oldest: OutboxKey
  readonly newest: OutboxKey
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
    journal: journalOf(journal, onRows),
    outboxes: [...sinksOf(environment)].map(({ name, range }) => outboxOf(outbox, name, range, onRows)),
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

function journalOf(journal: Table, onRows: (rows: number) => void): JournalSize {
  let [rows, entries, bytes] = [0, 0, 0]
  let oldest: JournalSize['oldest']
  let last: { readonly position: number; readonly bytes: Uint8Array } | undefined
  for (const page of journal.pages({ start: Uint8Array.of(0) }, rowsAtOnce)) {
    for (const row of page) {
      const position = readPosition(row.key, 0)
      rows++
      bytes += row.bytes.length
      entries += readRowHashes(row.bytes).length
      last = { position, bytes: row.bytes }
      oldest ??= endOf(last, 0)
    }
    onRows(page.length)
  }
  return { rows, entries, bytes, oldest, newest: last && endOf(last, -1) }
}

/** The first or the last entry of a row. */
function endOf(
  row: { readonly position: number; readonly bytes: Uint8Array },
  at: 0 | -1,
): JournalSize['oldest'] {
  const entry = readRowEntries(row).at(at)
  return entry && { position: entry.position, arrival: entry.arrival }
}

function outboxOf(
  outbox: Table,
  sink: string,
  range: { readonly start: Uint8Array; readonly end: Uint8Array },
  onRows: (rows: number) => void,
): OutboxSize {
  let [rows, bytes] = [0, 0]
  let oldest: OutboxKey | undefined
  let newest: OutboxKey = { position: 0, index: 0 }
  for (const page of outbox.pages(range, rowsAtOnce)) {
    for (const row of page) {
      newest = readOutboxKey(row.key)
      oldest ??= newest
      rows++
      bytes += row.bytes.length
    }
    onRows(page.length)
  }
  return { sink, rows, bytes, oldest: oldest ?? newest, newest }
}

const rowsAtOnce = 512
