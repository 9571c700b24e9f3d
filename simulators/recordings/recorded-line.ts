import type { Reading } from '../../devices/wire/reading.ts'

/** One line of a recorded file: what a device read at one moment, or why that cannot be told. */
export interface RecordedLine {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** Bytes of the file up to the end of the line. */
  readonly bytes: number
  /** All of one device and one moment, a metric each. None where nothing was measured. */
  readonly readings: readonly Reading[]
  /** What could not be read, in words: the column, the value and the remedy. */
  readonly faults: readonly string[]
}
