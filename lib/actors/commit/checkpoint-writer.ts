import { crashPoint } from '../../state/crash-point.ts'
import type { JournalTail } from '../../state/journal-tail.ts'
import { encodePosition, positionNote } from '../../state/rows/position-note.ts'
import type { Store } from '../../state/store.ts'
import type { Duration } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { CheckpointSlice, Checkpoints } from './checkpoints.ts'
import type { Pace } from './pace.ts'
import { retryUnchanged } from './retry-unchanged.ts'
import { sliceBounds } from './slice-bounds.ts'

export interface CheckpointWriterOptions {
  readonly store: Store
  readonly tail: JournalTail
  readonly checkpoints: Checkpoints
  readonly clock: WallClock
  readonly pace: Pace
  /** Called when a checkpoint is due: `take` is to be called as the next batch is sealed. */
  readonly onDue: () => void
  /** Called when a checkpoint is flushed. */
  readonly onWritten: () => void
  /** Called when a checkpoint could not be written in spite of all retries. */
  readonly onFailed: (reason: Error) => void
}

/** Changed state, taken at one moment, and what the journal needs no more once it is saved. */
export interface TakenSlice {
  readonly slice: CheckpointSlice
  /** Position after the last turn that it includes. */
  readonly end: number
  /** Every state of a turn before this position is saved with it, or was before. */
  readonly savedBefore: number
}

/**
 * Saves changed state in the background, a slice at a time beside the commits. Slices of a run follow each
 * other in the order of their keys, so that neighbours share pages; runs begin when the oldest change is old
 * enough, or the journal long enough.
 */
export class CheckpointWriter {
  private readonly options: CheckpointWriterOptions
  /** Resolves when the slice that was taken is flushed, or cannot be. Undefined when there is none. */
  written: Promise<void> | undefined
  private isTaken = false
  /** The pieces of a slice that is not complete yet. */
  private pieces: CheckpointSlice[] = []
  private finishedAt = Number.NEGATIVE_INFINITY
  private tookMs: Duration = 0
  private cancelWait: (() => void) | undefined

  constructor(options: CheckpointWriterOptions) {
    this.options = options
  }

  /** Whether something is to be saved at once, or has been taken and is not flushed yet. */
  get isPressing(): boolean {
    return this.options.checkpoints.isPressing || this.pieces.length > 0 || this.isTaken
  }

  /**
   * Takes a piece of the slice that is due as the batch that ends at `end` is sealed, so that it includes no
   * turn behind it; everything when `isLast`. Returns the slice with its last piece. Undefined before, when
   * none is due, and while one is being written.
   */
  take(end: number, isLast: boolean): TakenSlice | undefined {
    const { checkpoints, tail, pace } = this.options
    if (this.isTaken || !(isLast || this.dueIn(end) === 0)) return undefined
    const bounds = sliceBounds(pace, {
      now: this.options.clock.monotonic(),
      end,
      journaled: end - tail.start,
      isLast,
    })
    const piece = checkpoints.slice(bounds)
    this.pieces.push(piece)
    const isFull = bytesOf(piece) >= bounds.piece.bytes || piece.items.length >= bounds.piece.items
    const slice = joined(this.pieces)
    if (isFull && bytesOf(slice) < bounds.bytes && slice.items.length < bounds.items) return undefined
    this.pieces = []
    if (slice.items.length > 0) crashPoint('slice taken')
    this.isTaken = true
    return { slice, end, savedBefore: checkpoints.oldest() ?? end }
  }

  /** Writes what was taken. To be called when the batch that was sealed then is flushed. */
  write(taken: TakenSlice): void {
    const { clock, onWritten, onFailed } = this.options
    const began = clock.monotonic()
    this.written = this.save(taken).then(
      () => {
        this.isTaken = false
        this.written = undefined
        this.finishedAt = clock.monotonic()
        this.tookMs = this.finishedAt - began
        onWritten()
      },
      (reason: Error) => {
        this.written = undefined
        onFailed(reason)
      },
    )
  }

  /** Sees to it that `onDue` is called when the next slice is due. */
  schedule(end: number): void {
    if (this.isTaken || this.cancelWait) return
    const wait = this.dueIn(end)
    if (wait === Number.POSITIVE_INFINITY) return
    this.cancelWait = this.options.clock.after(Math.max(wait, this.options.pace.commitSpacing), () => {
      this.cancelWait = undefined
      this.options.onDue()
    })
  }

  stop(): void {
    this.cancelWait?.()
    this.cancelWait = undefined
  }

  private async save({ slice, end, savedBefore }: TakenSlice): Promise<void> {
    const { store, tail, clock, pace } = this.options
    const trimJournalBefore = tail.trimmable(savedBefore)
    const checkpoint = {
      states: slice.writes,
      due: slice.due,
      notes: new Map([[positionNote, encodePosition(end)]]),
      trimJournalBefore,
    }
    await retryUnchanged(() => store.checkpoint(checkpoint), clock, pace.commitRetries)
    // Not sooner: an actor that throws meanwhile is restored from what the disk has, and the tail.
    tail.trimTo(trimJournalBefore)
    for (const { dirt } of slice.items) {
      dirt.isSaving = false
      dirt.owner?.saved?.()
    }
  }

  /** Time until the next slice is due, Infinity while there is nothing to save. */
  private dueIn(end: number): Duration {
    const { checkpoints, clock, tail, pace } = this.options
    if (this.pieces.length > 0) return 0
    if (checkpoints.isEmpty) return Number.POSITIVE_INFINITY
    const isPressed = end - tail.start > pace.journalEntries
    const share = checkpoints.age > 2 * pace.checkpointAfter ? 1 : restShare
    const rest = isPressed ? 0 : Math.max(0, this.finishedAt + share * this.tookMs - clock.monotonic())
    if (checkpoints.isPressing || (checkpoints.oldest() ?? end) < end - pace.journalEntries / 2) return rest
    return Math.max(rest, pace.checkpointAfter - checkpoints.age)
  }
}

/**
 * While nothing is overdue, the disk rests so many times as long as it has worked: a commit that waits for
 * one slice is a few milliseconds late, and one that follows many waits for all of them.
 */
const restShare = 5

const joined = (pieces: readonly CheckpointSlice[]): CheckpointSlice => ({
  items: pieces.flatMap(({ items }) => items),
  writes: pieces.flatMap(({ writes }) => writes),
  due: pieces.flatMap(({ due }) => due),
})

const bytesOf = ({ writes }: CheckpointSlice): number =>
  writes.reduce((sum, { bytes }) => sum + bytes.length, 0)
