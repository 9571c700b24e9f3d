/** An input that can start at any offset. The offset is in the commit, so that no event counts twice. */
export interface Replayable<T> {
  /** Returns the values from the one at `offset` on: 0 is the first. Each call gives the same values. */
  readonly from: (offset: number) => Iterable<T> | AsyncIterable<T>
}

/** A file, a table or a log that is read from where the last run had come, also after a crash. */
export const replayable = <T>(from: Replayable<T>['from']): Replayable<T> => ({ from })
