import { mergeByTime } from './merge-by-time.ts'
import { type ReadOptions, readFile } from './read-file.ts'
import type { RecordedLine } from './recorded-line.ts'

/**
 * Reads recorded files, CSV with a header or NDJSON, as one recording. Lines that cannot be read are among
 * the others, with what is wrong with them. Holds one line and one chunk of each file in memory.
 */
export const readRecording = (files: readonly string[], options: ReadOptions): AsyncIterable<RecordedLine> =>
  files.length === 1
    ? readFile(files[0]!, options)
    : mergeByTime(files.map((file) => readFile(file, options)))
