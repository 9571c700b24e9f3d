import type { Duration } from '../../time/duration.ts'
import type { Pace } from './pace.ts'

/** What of the changed state goes with one commit. */
export interface SliceBounds {
  /** Bytes of rows, about. */
  readonly bytes: number
  /** Owners of state at the most. */
  readonly items: number
  /** State is saved whose oldest unsaved turn came by `by`, of the monotonic clock, or is before `before`. */
  readonly by: number
  readonly before: number
}

export interface CommitAtHand {
  /** By the monotonic clock. */
  readonly now: number
  /** Time since the commit before. */
  readonly elapsed: Duration
  /** Position after its last entry, and how many entries it has. */
  readonly end: number
  readonly entries: number
  /** Entries in the journal, its own included. */
  readonly journaled: number
  /** Owners of unsaved state. */
  readonly dirty: number
  /** Everything is to be saved: nothing else will come. */
  readonly isLast: boolean
}

/**
 * Saves as large a share of what is dirty as has passed, since the commit before, of the time or of the
 * journal in which all of it must be saved; twice that, to keep ahead. So saving is spread evenly, though
 * everything became dirty at once, and never holds up the turns behind it for long.
 */
export function sliceBounds(
  { checkpointAfter, journalEntries, sliceBytes, sliceBytesUnderPressure }: Pace,
  { now, elapsed, end, entries, journaled, dirty, isLast }: CommitAtHand,
): SliceBounds {
  const everything = { by: Number.POSITIVE_INFINITY, before: Number.POSITIVE_INFINITY }
  if (isLast) return { bytes: sliceBytesUnderPressure, items: itemsAtOnce, ...everything }
  const ripe = { by: now - checkpointAfter, before: end - journalEntries / 2 }
  if (journaled > journalEntries) return { bytes: sliceBytesUnderPressure, items: itemsAtOnce, ...ripe }
  const passed = Math.max(elapsed / Math.max(1, checkpointAfter), entries / (journalEntries / 2))
  return { bytes: sliceBytes, items: Math.min(itemsAtOnce, Math.ceil(2 * passed * dirty)), ...ripe }
}

/**
 * LMDB keeps the pages of a transaction in order as it touches them, so that twice as many cost more than
 * twice: 90,000 small states took 5.2 s by 2,000, 6 s by 1,000 or 4,000, and 7.7 s by 10,000.
 */
const itemsAtOnce = 2_000
