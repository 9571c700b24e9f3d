import { dataBytes } from '../environment/data-file.ts'
import type { Environment } from '../environment/environment.ts'
import { reusableBytes } from '../environment/reusable-bytes.ts'
import type { Table } from '../environment/table.ts'
import { JournalReader } from '../journal/journal-reader.ts'
import { UnappliedRows } from '../journal/unapplied-rows.ts'
import { lastPosition } from '../last-position.ts'
import type { Lineage } from '../lineage.ts'
import type { LmdbReader } from '../lmdb-reader.ts'
import { isActorStage, senderStage } from '../reserved-stages.ts'
import { decodeJournalNote, journalNote } from '../rows/journal-note.ts'
import { noteKey, rangeOf } from '../rows/row-keys.ts'
import { readActor, readStateKey } from '../rows/state-keys.ts'
import type { StateShapes } from '../rows/state-shapes.ts'
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
  reader: LmdbReader,
  { largest = 10, onProgress = () => {} }: InspectOptions = {},
): StoreInspection => {
  const { epoch, ancestors, format, states, outbox } = environment
  const databases = databasesOf(environment)
  const journal = [...reader.readJournal()]
  const unapplied = unappliedRows(path, environment)
  const of = rowsOf(states) + journal.length + rowsOf(outbox)
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
    position: lastPosition(path, environment),
    stages: stagesOf(states, reader.shapes, largest, onRows),
    senders: sendersOf(states, onRows),
    journal: journalSize(journal, onRows),
    outboxes: sinkNames(environment, unapplied).map((name) => {
      const rows = unapplied.outbox(name, undefined, Number.POSITIVE_INFINITY)
      return outboxSize(outbox, name, rangeOf(name), rows, onRows)
    }),
    databases,
  }
}

/** What the tables do not have yet. */
const unappliedRows = (path: string, { notes }: Environment): UnappliedRows => {
  const unapplied = new UnappliedRows()
  const { applied } = decodeJournalNote(notes.get(noteKey(journalNote)))
  for (const record of new JournalReader(path).records()) if (record.sequence > applied) unapplied.add(record)
  return unapplied
}

const sinkNames = (environment: Environment, unapplied: UnappliedRows): string[] => [
  ...new Set([...[...sinksOf(environment)].map(({ name }) => name), ...unapplied.counts().keys()]),
]

const rowsOf = (table: Table): number => (table.database.getStats() as { entryCount: number }).entryCount

const databasesOf = (environment: Environment): StoreInspection['databases'] => {
  const { facts, journal, states, due, outbox, notes, others } = environment
  const size = (table: Table, isKnown: boolean) => ({ name: table.name, rows: rowsOf(table), isKnown })
  return [
    ...[facts, journal, states, due, outbox, notes].flatMap((table) => (table ? [size(table, true)] : [])),
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
        const { actor, next } = readActor(key, range.start.length)
        if (key.length === next) summary.addActor(actor, bytes)
        else summary.addState(actor, readStateKey(key, next).step, bytes)
      }
      onRows(page.length)
    }
    return summary.finish()
  })
}

/** Among the states are rows that are no actor's. */
export const stageRanges = (states: Table): NamedRange[] =>
  [...namesIn(states)].filter(({ name }) => isActorStage(name))

function sendersOf(states: Table, onRows: (rows: number) => void): StoreInspection['senders'] {
  const size = { rows: 0, bytes: 0 }
  for (const page of states.pages(rangeOf(senderStage), rowsAtOnce)) {
    size.rows += page.length
    for (const { bytes } of page) size.bytes += bytes.length
    onRows(page.length)
  }
  return size
}
