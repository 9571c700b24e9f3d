import type { Due, DuePlace, StoreReader } from '../../state/store.ts'

/** The due rows of a stage, read once each in the order of their times. */
export class DueRows {
  private readonly store: StoreReader
  private readonly stage: string
  private after: DuePlace | undefined

  constructor(store: StoreReader, stage: string) {
    this.store = store
    this.stage = stage
  }

  /** Up to `limit` rows that are due by `now` and have not been taken yet. */
  take(now: number, limit: number): readonly Due[] {
    const rows = this.store.readDue(this.stage, this.after, now, limit)
    this.after = rows.at(-1) ?? this.after
    return rows
  }

  /**
   * An actor has left memory whose row is at `time`. Where that has been read already, it is read again: the
   * row was not there yet, or was passed over because its actor was in memory.
   */
  leftBehind(time: number): void {
    if (this.after && time <= this.after.time) this.after = { time }
  }
}
