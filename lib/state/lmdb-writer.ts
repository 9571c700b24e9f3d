import type { Observable } from 'rxjs'
import { crashPoint } from './crash-point.ts'
import { writeMark } from './environment/closing-mark.ts'
import { dataBytes } from './environment/data-file.ts'
import { asking } from './environment/disk-failed.ts'
import type { DiskReserve, StoreCondition } from './environment/disk-reserve.ts'
import { type Environment, lastTransaction } from './environment/environment.ts'
import { requirePlacesOf } from './environment/placed-file.ts'
import { reusableBytes } from './environment/reusable-bytes.ts'
import { RowBatch } from './environment/row-batch.ts'
import { JournalWriter } from './journal/journal-writer.ts'
import { UnappliedRows } from './journal/unapplied-rows.ts'
import type { Ancestor } from './lineage.ts'
import { LmdbOutbox } from './lmdb-outbox.ts'
import { LmdbReader } from './lmdb-reader.ts'
import { decodeJournalNote, encodeJournalNote, journalNote } from './rows/journal-note.ts'
import { noteKey } from './rows/row-keys.ts'
import { type StateShapes, shapesNote } from './rows/state-shapes.ts'
import { sinksOf } from './sinks-of.ts'
import {
  type Checkpoint,
  type Commit,
  CommitFailed,
  type Due,
  type DuePlace,
  type JournalRow,
  type Outbox,
  type SavedActor,
  type Store,
} from './store.ts'
import { frameRows, rowsBound, type TableRows } from './table-rows.ts'
import { Transactions } from './transactions.ts'

/** A store on LMDB. `condition` begins with the present one. */
export interface LmdbStore extends Store {
  readonly condition: Observable<StoreCondition>
}

/**
 * A store that this process writes: a journal that commits are appended to, and tables in LMDB that
 * checkpoints bring up to it.
 */
export class LmdbWriter implements LmdbStore {
  readonly epoch: string
  readonly ancestors: readonly Ancestor[]
  readonly shapes: StateShapes
  readonly condition: LmdbStore['condition']
  private readonly path: string
  private readonly requirePlace: () => void
  private readonly environment: Environment
  private readonly transactions: Transactions
  private readonly journal: JournalWriter
  private readonly unapplied = new UnappliedRows()
  private readonly reader: LmdbReader
  private readonly reserve: DiskReserve
  private readonly unlock: () => void
  private readonly batch = new RowBatch()
  private readonly outboxes = new Map<string, LmdbOutbox>()
  private notes: Promise<unknown> | undefined
  private committing: Promise<void> | undefined
  /** The last checkpoint that was asked for. */
  private checkpointing: Promise<void> = Promise.resolve()
  private isApplying = false
  private closing: Promise<void> | undefined

  constructor(path: string, environment: Environment, reserve: DiskReserve, unlock: () => void) {
    this.path = path
    this.requirePlace = requirePlacesOf(path)
    this.environment = environment
    this.transactions = new Transactions({ path, root: environment.root, requirePlace: this.requirePlace })
    this.epoch = environment.epoch
    this.ancestors = environment.ancestors
    this.journal = this.openJournal()
    this.reader = new LmdbReader(environment, this.journal)
    this.shapes = this.reader.shapes
    this.reserve = reserve
    this.condition = reserve.condition
    this.unlock = unlock
    for (const { name } of sinksOf(environment)) this.outbox(name)
    for (const name of this.unapplied.counts().keys()) this.outbox(name)
  }

  commit(commit: Commit): Promise<void> {
    if (this.closing) return Promise.reject(new CommitFailed('the store is closed; open it again'))
    if (this.committing)
      return Promise.reject(new Error('commit: one is in flight already; wait until it is settled'))
    const written = this.append(commit).finally(() => {
      this.committing = undefined
    })
    this.committing = written.catch(() => {})
    return written
  }

  checkpoint(checkpoint: Checkpoint): Promise<void> {
    if (this.closing) return Promise.reject(new CommitFailed('the store is closed; open it again'))
    const written = this.checkpointing.then(() => this.save(checkpoint))
    this.checkpointing = written.catch(() => {})
    return written
  }

  readActor(stage: string, actor: string): SavedActor {
    return this.reader.readActor(stage, actor)
  }

  actors(stage: string): ReturnType<Store['actors']> {
    return this.reader.actors(stage)
  }

  readJournal(from?: number): Iterable<JournalRow> {
    return this.reader.readJournal(from)
  }

  readDue(stage: string, after: DuePlace | undefined, until: number, limit: number): readonly Due[] {
    return this.reader.readDue(stage, after, until, limit)
  }

  readNote(name: string): Uint8Array | undefined {
    return this.unapplied.note(name) ?? this.reader.readNote(name)
  }

  async writeNote(name: string, bytes: Uint8Array): Promise<void> {
    if (this.closing) throw new CommitFailed('the store is closed; open it again')
    const rows: TableRows = { states: [], notes: new Map([[name, bytes]]) }
    const batch = new RowBatch()
    batch.begin(rowsBound(rows))
    frameRows(rows, this.environment, batch)
    const written = this.transactions.run(() => batch.put())
    this.notes = Promise.allSettled([this.notes, written])
    await written
  }

  outbox(sink: string): Outbox {
    return this.outboxOf(sink)
  }

  close(): Promise<void> {
    this.closing ??= this.closeNow()
    return this.closing
  }

  private openJournal(): JournalWriter {
    const note = decodeJournalNote(this.environment.notes.get(noteKey(journalNote)))
    return new JournalWriter({
      path: this.path,
      note,
      onRecord: (record) => {
        if (record.sequence > note.applied) this.unapplied.add(record)
      },
    })
  }

  private async append({ journal: rows, outbox = [], notes = new Map() }: Commit): Promise<void> {
    if (rows.length === 0 && outbox.length === 0 && notes.size === 0) return
    const appended = this.appendedBy(outbox)
    for (const name of notes.keys()) noteKey(name)
    const room = this.reserve.admit(bytesOf(rows) + bytesOf(outbox))
    if (room) await room.catch((error) => this.notAdmitted(error))
    if (this.closing) throw new CommitFailed('the store was closed while it waited for room on the disk')
    this.requirePlaces()
    const written = this.journal.append({ rows, outbox, notes }).finally(() => this.requirePlaces())
    crashPoint('put')
    await written
    crashPoint('committed')
    crashPoint('flushed')
    this.unapplied.add({ sequence: this.journal.sequence, rows, outbox, notes })
    for (const [outboxOfSink, count] of appended) outboxOfSink.appended(count)
    if (this.unapplied.bytes > mostUnappliedBytes) this.applySoon()
  }

  /** Throws when what is written would be in a file that is not there any more. */
  private requirePlaces(): void {
    this.requirePlace()
    this.journal.requirePlace()
  }

  /** Outbox rows must not pile up in memory where nothing else asks for a checkpoint. */
  private applySoon(): void {
    if (this.isApplying) return
    this.isApplying = true
    this.checkpoint({ states: [] })
      .catch(() => {})
      .finally(() => {
        this.isApplying = false
      })
  }

  private async save({ trimJournalBefore, ...checkpoint }: Checkpoint): Promise<void> {
    const { environment, journal, batch, unapplied } = this
    const found = this.shapes.unsaved
    const before = decodeJournalNote(environment.notes.get(noteKey(journalNote)))
    const start = Math.max(before.start, trimJournalBefore ?? 0)
    const { sequence: applied } = journal
    const { outbox, notes } = unapplied.all()
    const rows: TableRows = {
      ...checkpoint,
      outbox,
      notes: new Map([
        ...notes,
        ...(checkpoint.notes ?? []),
        ...(found ? [[shapesNote, found.bytes] as const] : []),
        [journalNote, encodeJournalNote({ applied, start, firstRow: journal.firstRow(start) })],
      ]),
    }
    const bytes = rowsBound(rows)
    const reusable = (): number => asking(this.path, () => reusableBytes(environment))
    const room = this.reserve.admit(bytes, reusable)
    if (room) await room.catch((error) => this.notAdmitted(error))
    if (this.closing) throw new CommitFailed('the store was closed while it waited for room on the disk')
    batch.begin(bytes)
    frameRows(rows, environment, batch)
    const committed = this.transactions.run(() => batch.put())
    crashPoint('checkpoint put')
    await committed
    // LMDB flushes the pages, then writes and flushes the root, and only then shows the transaction:
    // committed and flushed are one moment.
    crashPoint('checkpoint flushed')
    if (found) this.shapes.saved(found.count)
    unapplied.applied(applied)
    journal.release(start, applied)
    crashPoint('journal released')
  }

  /** Throws when the name of a sink is too long for a key. */
  private appendedBy(outbox: readonly { readonly sink: string }[]): Map<LmdbOutbox, number> {
    const appended = new Map<LmdbOutbox, number>()
    for (const { sink } of outbox) {
      const outboxOfSink = this.outboxOf(sink)
      appended.set(outboxOfSink, (appended.get(outboxOfSink) ?? 0) + 1)
    }
    return appended
  }

  /** Where there is no folder, nobody can tell how much room there is. */
  private notAdmitted(error: unknown): never {
    this.requirePlace()
    throw error
  }

  private outboxOf(sink: string): LmdbOutbox {
    let outbox = this.outboxes.get(sink)
    if (!outbox) {
      const { environment, transactions, unapplied } = this
      const apply = (): Promise<void> => this.checkpoint({ states: [] })
      outbox = new LmdbOutbox({ table: environment.outbox, transactions, unapplied, sink, apply })
      this.outboxes.set(sink, outbox)
    }
    return outbox
  }

  private async closeNow(): Promise<void> {
    this.reserve.close()
    await this.committing
    await this.checkpointing
    await this.notes
    for (const outbox of this.outboxes.values()) await outbox.idle()
    try {
      // LMDB that the disk has left dead cannot be closed: the end of the process lets go of its files.
      if (!this.transactions.isDead) await this.closeEnvironment()
    } finally {
      this.journal.close()
      this.unlock()
    }
  }

  private async closeEnvironment(): Promise<void> {
    const transaction = lastTransaction(this.environment)
    await this.environment.root.close()
    this.requirePlace()
    writeMark(this.path, { transaction, bytes: dataBytes(this.path), journal: this.journal.end })
  }
}

const bytesOf = (rows: readonly { readonly bytes: Uint8Array }[]): number =>
  rows.reduce((sum, { bytes }) => sum + bytes.length, 0)

/** Outbox rows are held in memory until a checkpoint has written them to the tables. */
const mostUnappliedBytes = 4 * 2 ** 20
