import type { Observable } from 'rxjs'
import { commitBound, frameCommit } from './commit-rows.ts'
import { crashPoint } from './crash-point.ts'
import { writeMark } from './environment/closing-mark.ts'
import type { DiskReserve, StoreCondition } from './environment/disk-reserve.ts'
import { dataBytes, type Environment, lastTransaction } from './environment/environment.ts'
import { requirePlacesOf } from './environment/placed-file.ts'
import { RowBatch } from './environment/row-batch.ts'
import type { Ancestor } from './lineage.ts'
import { LmdbOutbox } from './lmdb-outbox.ts'
import { LmdbReader } from './lmdb-reader.ts'
import { journalKey } from './rows/row-keys.ts'
import { type StateShapes, shapesNote } from './rows/state-shapes.ts'
import { sinksOf } from './sinks-of.ts'
import {
  type Commit,
  CommitFailed,
  type Due,
  type JournalRow,
  type Outbox,
  type StateRow,
  type Store,
} from './store.ts'
import { Transactions } from './transactions.ts'

/** A store on LMDB. `condition` begins with the present one. */
export interface LmdbStore extends Store {
  readonly condition: Observable<StoreCondition>
}

/** A store on LMDB that this process writes. */
export class LmdbWriter implements LmdbStore {
  readonly epoch: string
  readonly ancestors: readonly Ancestor[]
  readonly shapes: StateShapes
  readonly condition: LmdbStore['condition']
  private readonly path: string
  private readonly requirePlace: () => void
  private readonly environment: Environment
  private readonly transactions: Transactions
  private readonly reader: LmdbReader
  private readonly reserve: DiskReserve
  private readonly unlock: () => void
  private readonly batch = new RowBatch()
  private readonly outboxes = new Map<string, LmdbOutbox>()
  private notes: Promise<unknown> | undefined
  private inFlight: Promise<void> | undefined
  private closing: Promise<void> | undefined

  constructor(path: string, environment: Environment, reserve: DiskReserve, unlock: () => void) {
    this.path = path
    this.requirePlace = requirePlacesOf(path)
    this.environment = environment
    this.transactions = new Transactions({ path, root: environment.root, requirePlace: this.requirePlace })
    this.epoch = environment.epoch
    this.ancestors = environment.ancestors
    this.reader = new LmdbReader(environment)
    this.shapes = this.reader.shapes
    this.reserve = reserve
    this.condition = reserve.condition
    this.unlock = unlock
    for (const { name } of sinksOf(environment)) this.outbox(name)
  }

  commit(commit: Commit): Promise<void> {
    if (this.closing) return Promise.reject(new CommitFailed('the store is closed; open it again'))
    if (this.inFlight)
      return Promise.reject(new Error('commit: one is in flight already; wait until it is settled'))
    const written = this.write(commit).finally(() => {
      this.inFlight = undefined
    })
    this.inFlight = written.catch(() => {})
    return written
  }

  readStates(stage: string, actor: string): readonly StateRow[] {
    return this.reader.readStates(stage, actor)
  }

  actors(stage: string): Iterable<{ readonly actor: string; readonly rows: readonly StateRow[] }> {
    return this.reader.actors(stage)
  }

  readJournal(from?: number): Iterable<JournalRow> {
    return this.reader.readJournal(from)
  }

  readDue(stage: string, after: Due | undefined, until: number, limit: number): readonly Due[] {
    return this.reader.readDue(stage, after, until, limit)
  }

  readNote(name: string): Uint8Array | undefined {
    return this.reader.readNote(name)
  }

  async writeNote(name: string, bytes: Uint8Array): Promise<void> {
    if (this.closing) throw new CommitFailed('the store is closed; open it again')
    const note: Commit = { journal: [], states: [], outbox: [], notes: new Map([[name, bytes]]) }
    const batch = new RowBatch()
    batch.begin(commitBound(note))
    frameCommit(note, this.environment, batch)
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

  private async write(given: Commit): Promise<void> {
    const found = this.shapes.unsaved
    const commit = found ? { ...given, notes: new Map(given.notes).set(shapesNote, found.bytes) } : given
    const bytes = commitBound(commit)
    const room = this.reserve.admit(bytes)
    if (room) await room.catch((error) => this.notAdmitted(error))
    if (this.closing) throw new CommitFailed('the store was closed while it waited for room on the disk')
    const { batch, environment } = this
    batch.begin(bytes)
    frameCommit(commit, environment, batch)
    const appended = this.appendedBy(commit)
    const cut = this.rowsToTrim(commit)
    const committed = this.transactions.run(() => {
      batch.put()
      for (const key of cut) void environment.journal.database.remove(key)
    })
    crashPoint('put')
    await committed
    // LMDB flushes the pages, then writes and flushes the root, and only then shows the transaction:
    // committed and flushed are one moment.
    crashPoint('committed')
    crashPoint('flushed')
    if (found) this.shapes.saved(found.count)
    for (const [outbox, rows] of appended) outbox.appended(rows)
  }

  /**
   * Twice as many as a commit adds, so that the journal shrinks; few, because bulk deletes are slow in LMDB.
   */
  private rowsToTrim({ journal, trimJournalBefore: before = 0 }: Commit): Uint8Array[] {
    if (before <= 0) return []
    const range = { start: journalKey(0), end: journalKey(before) }
    return this.environment.journal.keys(range, Math.max(leastRowsPerTrim, 2 * journal.length))
  }

  /** Before the write, because an outbox counts what is there when it is made. */
  private appendedBy(commit: Commit): Map<LmdbOutbox, number> {
    const appended = new Map<LmdbOutbox, number>()
    for (const { sink } of commit.outbox) {
      const outbox = this.outboxOf(sink)
      appended.set(outbox, (appended.get(outbox) ?? 0) + 1)
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
      outbox = new LmdbOutbox(this.environment.outbox, this.transactions, sink)
      this.outboxes.set(sink, outbox)
    }
    return outbox
  }

  private async closeNow(): Promise<void> {
    this.reserve.close()
    await this.inFlight
    await this.notes
    for (const outbox of this.outboxes.values()) await outbox.idle()
    try {
      // LMDB that the disk has left dead cannot be closed: the end of the process lets go of its files.
      if (!this.transactions.isDead) await this.closeEnvironment()
    } finally {
      this.unlock()
    }
  }

  private async closeEnvironment(): Promise<void> {
    const transaction = lastTransaction(this.environment)
    await this.environment.root.close()
    this.requirePlace()
    writeMark(this.path, { transaction, bytes: dataBytes(this.path) })
  }
}

const leastRowsPerTrim = 64
