import type { Reading } from '../wire/reading.ts'

/** Turns what devices publish into readings. */
export interface Format {
  /**
   * Says how to read what is published on `topic`. Asked for once, and the answer kept: devices publish on
   * the same few topics for ever.
   */
  on(topic: string): PayloadReader
}

/**
 * Reads one payload that arrived at `arrival`, epoch milliseconds. Never throws: what cannot be read is a
 * fault, and what can be read beside it is kept.
 */
export type PayloadReader = (payload: Uint8Array, arrival: number) => Interpretation

/** What a payload turned out to mean. */
export interface Interpretation {
  readonly readings: readonly Reading[]
  /** What could not be read, in words: the field, the value and the remedy. */
  readonly faults: readonly string[]
}
