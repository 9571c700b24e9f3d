import { type Duration, milliseconds, seconds } from '../../time/duration.ts'

/** How often and how much is written. The defaults suit a disk of its own as well as a shared one. */
export interface Pace {
  /** Time between the starts of two small commits, so that a quiet plant does not grind the disk. */
  readonly commitSpacing: Duration
  /** Entries from which a batch is not small any more and is written at once. */
  readonly smallBatch: number
  /** Age at which changed state is saved: until then the journal has it. */
  readonly checkpointAfter: Duration
  /**
   * Journal entries that a restart may have to replay. State that half of them have gone by is saved whatever
   * its age.
   */
  readonly journalEntries: number
  /** The same for one actor: after so many turns it is saved whatever its age. */
  readonly journalEntriesPerActor: number
  /** Bytes of state saved with one checkpoint while the journal is short. */
  readonly sliceBytes: number
  /** The same once the journal is longer than it should be. */
  readonly sliceBytesUnderPressure: number
  /** Times an unchanged batch is tried again before the process gives up. */
  readonly commitRetries: number
}

/** Throws when a stage is given another pace than its store is written with already. */
export function checkPace(stage: string, given: Partial<Pace> | undefined, pace: Pace): void {
  for (const field of Object.keys(pace) as (keyof Pace)[]) {
    const value = given?.[field] ?? pace[field]
    if (value === pace[field]) continue
    throw new Error(
      `pace.${field} of stage "${stage}" is ${value}, and its store is written with ${pace[field]} already: ` +
        'give all stages of a store the same pace, or give it to the last one of a chain alone',
    )
  }
}

export const defaultPace: Pace = {
  commitSpacing: milliseconds(3),
  smallBatch: 500,
  checkpointAfter: seconds(60),
  journalEntries: 1_000_000,
  journalEntriesPerActor: 4_000,
  sliceBytes: 256 * 1024,
  sliceBytesUnderPressure: 1024 * 1024,
  commitRetries: 10,
}
