import type { Reading } from '../wire/reading.ts'

/** Turns what devices publish into readings. */
export interface Format {
  /**
   * Who reads what is published on `topic`. Asked for once, and the answer kept: devices publish on the same
   * few topics for ever.
   */
  on(topic: string): TopicReader
}

export interface TopicReader {
  /**
   * Reads one payload that arrived at `arrival`, epoch milliseconds. Never throws: what cannot be read is a
   * fault, and what can be read beside it is kept.
   */
  read(payload: Uint8Array, arrival: number): Interpretation
}

/** What a payload turned out to mean. */
export interface Interpretation {
  readonly readings: readonly Reading[]
  /** What could not be read, in words: the field, the value and the remedy. */
  readonly faults: readonly string[]
}

/** What a payload means of which nothing can be read. */
export const refused = (fault: string): Interpretation => ({ readings: [], faults: [fault] })
