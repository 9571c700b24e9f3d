import type { Pace } from './pace.ts'

/** What of the changed state one checkpoint saves. */
export interface SliceBounds {
  /** Bytes of rows, about. */
  readonly bytes: number
  /** Owners of state at the most. */
  readonly items: number
  /** The same of what is encoded with one commit: a slice is taken piece by piece. */
  readonly piece: { readonly bytes: number; readonly items: number }
  /** State is saved whose oldest unsaved turn came by `by`, of the monotonic clock, or is before `before`. */
  readonly by: number
  readonly before: number
}

export interface CheckpointAtHand {
  /** By the monotonic clock. */
  readonly now: number
  /** Position after the last entry. */
  readonly end: number
  /** Entries in the journal. */
  readonly journaled: number
  /** Everything is to be saved: nothing else will come. */
  readonly isLast: boolean
}

/**
 * A run begins when the oldest change has reached the age, or the place in the journal, at which it must be
 * saved. It takes along what has come half as far: runs are then few and large, and their rows lie close
 * together.
 */
export function sliceBounds(
  { checkpointAfter, journalEntries, sliceBytes, sliceBytesUnderPressure }: Pace,
  { now, end, journaled, isLast }: CheckpointAtHand,
): SliceBounds {
  const largest = { bytes: sliceBytesUnderPressure, items: itemsUnderPressure }
  if (isLast) {
    const all = Number.POSITIVE_INFINITY
    return { ...largest, piece: largest, by: all, before: all }
  }
  const ripe = { by: now - checkpointAfter / 2, before: end - journalEntries / 4 }
  return journaled > journalEntries
    ? { ...largest, piece: pieceUnderPressure, ...ripe }
    : { bytes: sliceBytes, items: itemsAtOnce, piece, ...ripe }
}

/** No turn is taken while a piece is encoded: a millisecond, as a kilobyte of state takes 30 us. */
const piece = { bytes: 24 * 1024, items: 20 }

/** Four times as much a commit: the journal must not grow faster than state is saved. */
const pieceUnderPressure = { bytes: 256 * 1024, items: 200 }

/** Enough that neighbours share pages, few enough that the disk is soon free for the next commit. */
const itemsAtOnce = 250

/**
 * LMDB keeps the pages of a transaction in order as it touches them, so that twice as many cost more than
 * twice: 90,000 small states took 5.2 s by 2,000, 6 s by 1,000 or 4,000, and 7.7 s by 10,000.
 */
const itemsUnderPressure = 2_000
