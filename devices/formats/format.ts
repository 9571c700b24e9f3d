import type { Reading } from '../wire/reading.ts'

/** Turns what a device published into readings. */
export interface Format {
  /**
   * Reads one publish that arrived at `arrival`, epoch milliseconds. Never throws: what cannot be read is
   * a fault, and what can be read beside it is kept.
   */
  read(topic: string, payload: Uint8Array, arrival: number): Interpretation
}

/** What a payload turned out to mean. */
export interface Interpretation {
  readonly readings: readonly Reading[]
  /** What could not be read, in words: the field, the value and the remedy. */
  readonly faults: readonly string[]
}
