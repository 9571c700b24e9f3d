import type { RecordedLine } from './recorded-line.ts'

/** What one line says. */
export type Found = Pick<RecordedLine, 'readings' | 'faults'>

/** Makes sense of the lines of one file, in order. */
export interface Interpreter {
  /** What went wrong with a line goes wrong with all that follow. */
  readonly isStuck: boolean
  /** Undefined for a line that tells about others. Throws, in words, what is wrong with a line as a whole. */
  read(text: string): Found | undefined
}
