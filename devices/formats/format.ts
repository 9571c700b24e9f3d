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
  /** The device that the topic names: dead letters are filed under it. Left out when it names none. */
  readonly device?: string
  /**
   * Reads one payload that arrived at `arrival`, epoch milliseconds. Never throws: what cannot be read is a
   * fault, and what can be read beside it is kept.
   */
  read(payload: Uint8Array, arrival: number): Interpretation
}

/** What a payload turned out to mean. */
export interface Interpretation {
  readonly readings: readonly Reading[]
  readonly faults: readonly Fault[]
}

/** Something in a publish that could not be read. */
export interface Fault {
  /**
   * What is wrong, without the value: `field "rssi" not a number`. The same for every publish with this
   * fault, so that a device that repeats it gets one dead letter and a count.
   */
  readonly kind: string
  /** A sentence with the field, the value and the remedy. */
  readonly message: string
}

/** What a payload means of which nothing can be read. */
export const refused = (kind: string, message: string): Interpretation => ({
  readings: [],
  faults: [{ kind, message }],
})
