import { crashPoint } from '../../state/crash-point.ts'
import type { JournalEntry, JournalReceipt } from '../../state/journal-entry.ts'
import type { JournalTail } from '../../state/journal-tail.ts'
import type { OpenEntry } from '../../state/rows/journal-row.ts'
import type { OutboxWrite, Store } from '../../state/store.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { Duty } from '../delivery.ts'
import { CheckpointWriter } from './checkpoint-writer.ts'
import type { Checkpoints } from './checkpoints.ts'
import { OpenBatch } from './open-batch.ts'
import type { Pace } from './pace.ts'
import { retryUnchanged } from './retry-unchanged.ts'

/**
 * One commit in flight at a time; whatever arrives meanwhile joins the next. Acknowledgements leave when
 * their batch is flushed, in the order of arrival. Checkpoints of changed state are written beside.
 */
export class GroupCommit {
  private readonly store: Store
  private readonly tail: JournalTail
  private readonly checkpoints: Checkpoints
  private readonly clock: WallClock
  private readonly pace: Pace
  private readonly saving: CheckpointWriter
  private open: OpenBatch
  private inFlight: OpenBatch | undefined
  private writing: Promise<void> | undefined
  private sealedAt = Number.NEGATIVE_INFINITY
  private cancelSeal: (() => void) | undefined
  private draining = false
  private readonly notes = new Map<string, Uint8Array>()
  private readonly waiting: { resolve: () => void; reject: (reason: Error) => void }[] = []
  private broken: Error | undefined

  /**
   * Called once when a batch could not be written in spite of all retries, or was given up. Nothing is
   * acknowledged after it.
   */
  onBroken: (reason: Error) => void = () => {}

  constructor(store: Store, tail: JournalTail, checkpoints: Checkpoints, clock: WallClock, pace: Pace) {
    this.store = store
    this.tail = tail
    this.checkpoints = checkpoints
    this.clock = clock
    this.pace = pace
    this.open = new OpenBatch(tail.end)
    this.saving = new CheckpointWriter({
      store,
      tail,
      checkpoints,
      clock,
      pace,
      onDue: () => this.schedule(),
      onWritten: () => this.continue(),
      onFailed: (reason) => this.break(reason),
    })
  }

  /** Position the next entry will have. */
  get next(): number {
    return this.open.end
  }

  append(entry: OpenEntry): number {
    this.schedule()
    return this.open.append(entry)
  }

  record(row: OutboxWrite): void {
    this.open.outbox.push(row)
  }

  /** Journals a receipt with the entry appended last. */
  remember(receipt: JournalReceipt): void {
    this.open.remember(receipt)
  }

  /** Writes a note with the next commit. */
  note(name: string, bytes: Uint8Array): void {
    this.notes.set(name, bytes)
    this.schedule()
  }

  /** Acknowledges when all that has been appended up to now is flushed. */
  acknowledge(duty: Duty): void {
    if (this.broken) {
      duty.reject?.(this.broken)
      return
    }
    this.open.owe(duty)
    this.schedule()
  }

  /** Entries not yet flushed whose actor may be `hash`, from `from` on. */
  *entriesOf(hash: number, from: number): Generator<JournalEntry> {
    if (this.inFlight) yield* this.inFlight.entriesOf(hash, from)
    yield* this.open.entriesOf(hash, from)
  }

  /** Resolves when all is flushed, every state is saved and the journal is empty. */
  settle(): Promise<void> {
    if (this.broken) return Promise.reject(this.broken)
    this.draining = true
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject })
      this.schedule()
    })
  }

  /** Whether nothing is on its way to the disk. */
  get isIdle(): boolean {
    return !this.writing && !this.saving.written && (this.broken !== undefined || this.open.isEmpty)
  }

  /**
   * Resolves when what was taken up to now is flushed, and what must be saved at once is saved, or given up.
   */
  async flushed(): Promise<void> {
    do {
      if (!this.open.isEmpty || this.saving.isPressing) {
        await new Promise<void>((resolve) => this.acknowledge({ ack: resolve, reject: () => resolve() }))
      }
      await this.writing?.catch(() => {})
      await this.saving.written
    } while (!this.broken && (!this.open.isEmpty || this.saving.isPressing))
  }

  /** Sees to it that a commit follows: soon for a large batch, a moment later for a small one. */
  schedule(): void {
    if (this.inFlight || this.cancelSeal || this.broken) return
    const now = this.clock.monotonic()
    const isLarge = this.draining || this.open.end - this.tail.end >= this.pace.smallBatch
    const wait = isLarge ? 0 : Math.max(0, this.sealedAt + this.pace.commitSpacing - now)
    this.cancelSeal = this.clock.after(wait, () => {
      this.cancelSeal = undefined
      void this.seal()
    })
  }

  private async seal(): Promise<void> {
    const batch = this.open
    this.open = new OpenBatch(batch.end)
    this.inFlight = batch
    this.sealedAt = this.clock.monotonic()
    this.writing = this.write(batch)
    try {
      await this.writing
    } catch (error) {
      this.break(error as Error, batch)
      return
    } finally {
      this.writing = undefined
    }
    this.inFlight = undefined
    batch.acknowledge(() => crashPoint('acknowledged'))
    this.continue()
  }

  private async write(batch: OpenBatch): Promise<void> {
    const taken = this.saving.take(batch.end, this.draining)
    const journal = batch.encode()
    crashPoint('batch encoded')
    const commit = { journal, outbox: batch.outbox, notes: new Map(this.notes) }
    this.notes.clear()
    await retryUnchanged(() => this.store.commit(commit), this.clock, this.pace.commitRetries)
    for (const row of journal) this.tail.append(row)
    if (taken) this.saving.write(taken)
  }

  /** Looks for what is to be done next when a commit or a checkpoint is flushed. */
  private continue(): void {
    if (this.inFlight || this.broken) return
    if (!this.open.isEmpty || this.notes.size > 0) this.schedule()
    else if (!this.draining) this.saving.schedule(this.open.end)
    else if (!this.saving.written) this.settleOrSave()
  }

  private settleOrSave(): void {
    if (!this.isSettled) {
      this.schedule()
      return
    }
    this.draining = false
    this.saving.stop()
    for (const { resolve } of this.waiting.splice(0)) resolve()
  }

  private get isSettled(): boolean {
    if (!this.checkpoints.isEmpty || this.saving.isPressing) return false
    for (const _ of this.store.readJournal()) return false
    return true
  }

  /** Writes nothing more: the open batch may hold a part of something that cannot be taken as a whole. */
  giveUp(reason: Error): void {
    this.break(reason)
  }

  private break(reason: Error, batch?: OpenBatch): void {
    if (this.broken) {
      batch?.reject(this.broken)
      return
    }
    this.broken = reason
    this.cancelSeal?.()
    this.saving.stop()
    batch?.reject(reason)
    this.open.reject(reason)
    for (const { reject } of this.waiting.splice(0)) reject(reason)
    this.onBroken(reason)
  }
}
