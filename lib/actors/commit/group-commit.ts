import { crashPoint } from '../../state/crash-point.ts'
import type { JournalEntry, JournalReceipt } from '../../state/journal-entry.ts'
import type { JournalTail } from '../../state/journal-tail.ts'
import type { OpenEntry } from '../../state/rows/journal-row.ts'
import { encodePosition, positionNote } from '../../state/rows/position-note.ts'
import type { OutboxWrite, Store } from '../../state/store.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { Duty } from '../delivery.ts'
import type { Checkpoints } from './checkpoints.ts'
import { commitUntilTaken } from './commit-until-taken.ts'
import { OpenBatch } from './open-batch.ts'
import type { Pace } from './pace.ts'
import { type SliceBounds, sliceBounds } from './slice-bounds.ts'

/**
 * One commit in flight at a time; whatever arrives meanwhile joins the next. Acknowledgements leave when
 * their batch is flushed, in the order of arrival. With each batch goes a slice of changed state.
 */
export class GroupCommit {
  private readonly store: Store
  private readonly tail: JournalTail
  private readonly checkpoints: Checkpoints
  private readonly clock: WallClock
  private readonly pace: Pace
  private open: OpenBatch
  private inFlight: OpenBatch | undefined
  private writing: Promise<void> | undefined
  private sealedAt = Number.NEGATIVE_INFINITY
  private cancelSeal: (() => void) | undefined
  private cancelCheckpoint: (() => void) | undefined
  /** Every state of a turn before this position is saved once the commit in flight is flushed. */
  private savedBefore = 0
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

  /** Whether nothing that was taken is on its way to the disk. */
  get isIdle(): boolean {
    return !this.writing && (this.broken !== undefined || this.open.isEmpty)
  }

  /** Resolves when what was taken up to now is flushed, or was given up. */
  flushed(): Promise<void> {
    if (this.writing && (this.broken || this.open.isEmpty)) return this.writing.catch(() => {})
    return new Promise((resolve) => this.acknowledge({ ack: resolve, reject: () => resolve() }))
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
    const now = this.clock.monotonic()
    const bounds = sliceBounds(this.pace, {
      now,
      elapsed: now - this.sealedAt,
      end: batch.end,
      entries: batch.end - this.tail.end,
      journaled: batch.end - this.tail.start,
      dirty: this.checkpoints.size,
      isLast: this.draining,
    })
    this.sealedAt = now
    this.writing = this.write(batch, bounds)
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

  private async write(batch: OpenBatch, bounds: SliceBounds): Promise<void> {
    const journal = batch.encode()
    crashPoint('batch encoded')
    const slice = this.checkpoints.slice(bounds)
    if (slice.items.length > 0) crashPoint('slice written')
    await commitUntilTaken(this.store, this.clock, this.pace.commitRetries, {
      journal,
      states: slice.writes,
      due: slice.due,
      outbox: batch.outbox,
      notes: this.takeNotes(batch.end),
      trimJournalBefore: this.trim(),
    })
    for (const row of journal) this.tail.append(row)
    for (const { dirt } of slice.items) {
      dirt.isSaving = false
      dirt.owner?.saved?.()
    }
  }

  /** Only what earlier, flushed commits saved: the slice at hand may yet fail. */
  private trim(): number {
    const before = this.tail.trimTo(this.savedBefore)
    this.savedBefore = this.checkpoints.oldest() ?? this.open.end
    return before
  }

  private takeNotes(position: number): ReadonlyMap<string, Uint8Array> {
    const notes = new Map(this.notes).set(positionNote, encodePosition(position))
    this.notes.clear()
    return notes
  }

  private continue(): void {
    const isBusy = !this.open.isEmpty || this.notes.size > 0 || (this.draining && !this.isSettled)
    if (isBusy) {
      this.schedule()
      return
    }
    if (this.draining) {
      this.draining = false
      this.cancelCheckpoint?.()
      this.cancelCheckpoint = undefined
      for (const { resolve } of this.waiting.splice(0)) resolve()
    }
    this.scheduleCheckpoint()
  }

  private get isSettled(): boolean {
    if (!this.checkpoints.isEmpty) return false
    for (const _ of this.store.readJournal()) return false
    return true
  }

  /** A quiet plant sends nothing that would carry the rest of the changed state along. */
  private scheduleCheckpoint(): void {
    if (this.checkpoints.isEmpty || this.cancelCheckpoint) return
    const wait = this.pace.checkpointAfter - this.checkpoints.age
    this.cancelCheckpoint = this.clock.after(Math.max(wait, this.pace.commitSpacing), () => {
      this.cancelCheckpoint = undefined
      this.schedule()
    })
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
    batch?.reject(reason)
    this.open.reject(reason)
    for (const { reject } of this.waiting.splice(0)) reject(reason)
    this.onBroken(reason)
  }
}
