import { statfsSync } from 'node:fs'
import type { Databases } from '../environment/databases.ts'
import { reusableBytes } from '../environment/reusable-bytes.ts'
import { RowBatch } from '../environment/row-batch.ts'
import { keyedNames, type StoreTables } from '../environment/store-tables.ts'
import type { Table } from '../environment/table.ts'
import type { FormatUpgrade, UpgradeOptions } from '../environment/upgrade-format.ts'
import { isActorStage } from '../reserved-stages.ts'
import { type ActorProgress, encodeActorRow, noProgress } from '../rows/actor-row.ts'
import { noteKey } from '../rows/row-keys.ts'
import { encodeStateRow } from '../rows/state-row.ts'
import { StateShapes, shapesNote } from '../rows/state-shapes.ts'
import type { ActorWrite, DueMove, StateWrite } from '../store.ts'
import { frameRows, rowsBound } from '../table-rows.ts'
import { readDueName, readStateAndProgress, readStateName } from './format-3-rows.ts'

/**
 * Copies states and due rows of format 3 to databases of their own, where keys have groups and each actor has
 * a row beside its states, and then drops the old ones. Until that transaction the old ones are whole.
 */
export const groupRows: Pick<FormatUpgrade, 'prepare' | 'apply'> = {
  prepare(databases, path, { onRows = () => {}, rowsAtOnce = 16_384, freeBytes = freeBytesAt } = {}) {
    // An upgrade may have been cut short.
    databases.root.transactionSync(() => {
      databases.drop(after.states)
      databases.drop(after.due)
    })
    const tables = databases.tables(from)
    const { states, due } = tables
    requireRoom(path, freeBytes(path) + reusableBytes(tables), bytesOf(states) + bytesOf(due))
    const of = rowsIn(states) + rowsIn(due)
    onRows(0, of)
    const copy = new GroupedCopy(databases, { onRows, rowsAtOnce, of })
    for (const row of rowsOf(states)) copy.addState(row.key, row.bytes)
    copy.endActor()
    for (const row of rowsOf(due)) copy.addDue(row.key)
    copy.write()
  },
  apply(databases, _path, { onRows = () => {} }) {
    const of = rowsIn(databases.find(before.states)) + rowsIn(databases.find(before.due))
    databases.drop(before.states)
    databases.drop(before.due)
    onRows(of, of)
  },
}

interface GroupedCopyOptions extends Required<Pick<UpgradeOptions, 'onRows' | 'rowsAtOnce'>> {
  readonly of: number
}

/** Rows of format 4 on their way to the disk. */
class GroupedCopy {
  private readonly databases: Databases
  private readonly options: GroupedCopyOptions
  private readonly tables: StoreTables
  private readonly shapes: StateShapes
  private readonly batch = new RowBatch()
  private states: (ActorWrite | StateWrite)[] = []
  private due: DueMove[] = []
  /** Bytes of the rows that have been added and are not written yet. */
  private bytes = 0
  private copied = 0
  /** The actor whose states are being read. */
  private actor: { readonly stage: string; readonly key: string; progress: ActorProgress } | undefined

  constructor(databases: Databases, options: GroupedCopyOptions) {
    this.databases = databases
    this.options = options
    this.tables = databases.tables(to)
    const { notes } = this.tables
    this.shapes = new StateShapes(() => notes.get(noteKey(shapesNote)))
  }

  addState(key: Uint8Array, bytes: Uint8Array): void {
    const { stage, actor, step, subkey } = readStateName(key)
    if (this.actor?.stage !== stage || this.actor.key !== actor) this.beginActor(stage, actor)
    this.copied++
    this.bytes += bytes.length
    if (!isActorStage(stage)) {
      this.states.push({ stage, actor, step, subkey, bytes })
      return
    }
    const { version, state, ...progress } = readStateAndProgress(bytes, this.shapes)
    this.states.push({ stage, actor, step, subkey, bytes: encodeStateRow({ version, state }, this.shapes) })
    if (progress.position >= this.actor!.progress.position) this.actor!.progress = progress
  }

  addDue(key: Uint8Array): void {
    const { stage, actor, time } = readDueName(key)
    this.copied++
    this.due.push({ stage, actor, from: Number.POSITIVE_INFINITY, to: time })
    this.writeWhenFull()
  }

  /** The newest of its rows says how far it has come. */
  endActor(): void {
    const { actor } = this
    this.actor = undefined
    if (actor && isActorStage(actor.stage)) {
      this.states.push({ stage: actor.stage, actor: actor.key, bytes: encodeActorRow(actor.progress) })
    }
    this.writeWhenFull()
  }

  /** Writes what has been added since the last call. */
  write(): void {
    const { states, due, databases, tables, batch, shapes } = this
    const found = shapes.unsaved
    const notes = new Map(found ? [[shapesNote, found.bytes]] : [])
    const rows = { states, due, notes }
    batch.begin(rowsBound(rows))
    frameRows(rows, tables, batch)
    databases.root.transactionSync(() => batch.put())
    if (found) shapes.saved(found.count)
    this.states = []
    this.due = []
    this.bytes = 0
    this.options.onRows(this.copied, this.options.of)
  }

  private writeWhenFull(): void {
    const { states, due, bytes, options } = this
    if (states.length + due.length >= options.rowsAtOnce || bytes >= bytesAtOnce) this.write()
  }

  private beginActor(stage: string, key: string): void {
    this.endActor()
    this.actor = { stage, key, progress: noProgress }
  }
}

/** Rows move to pages that are filled by two thirds, and the old ones stay until all of them have. */
const requireRoom = (path: string, free: number, bytes: number): void => {
  if (free > 1.5 * bytes + spareBytes) return
  throw new Error(
    `store path "${path}": the store is to be rewritten in format ${to}, which takes ` +
      `${megabytes(1.5 * bytes + spareBytes)} beside it, and there are ${megabytes(free)} free: free some ` +
      'space on the disk and start again. Nothing was changed',
  )
}

const freeBytesAt = (path: string): number => {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}

const bytesOf = (table: Table | undefined): number => {
  if (!table) return 0
  const { treeBranchPageCount, treeLeafPageCount, overflowPages, pageSize } = statisticsOf(table)
  return (treeBranchPageCount + treeLeafPageCount + overflowPages) * pageSize
}

const rowsIn = (table: Table | undefined): number => (table ? statisticsOf(table).entryCount : 0)

interface Statistics {
  readonly entryCount: number
  readonly pageSize: number
  readonly treeBranchPageCount: number
  readonly treeLeafPageCount: number
  readonly overflowPages: number
}

const statisticsOf = ({ database }: Table): Statistics => database.getStats() as Statistics

function* rowsOf(
  table: Table | undefined,
): Generator<{ readonly key: Uint8Array; readonly bytes: Uint8Array }> {
  for (const page of table?.pages({ start: Uint8Array.of(0) }, rowsPerPage) ?? []) yield* page
}

const [from, to] = [3, 4]
const [before, after] = [keyedNames(from), keyedNames(to)]
const rowsPerPage = 512
const bytesAtOnce = 32 * 2 ** 20
const spareBytes = 16 * 2 ** 20
const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MiB`
