import { createReadStream } from 'node:fs'
import { basename, extname } from 'node:path'
import { CsvInterpreter } from './csv-interpreter.ts'
import type { Interpreter } from './interpreter.ts'
import type { LineReaderOptions } from './line-reader.ts'
import { ObjectInterpreter } from './object-interpreter.ts'
import type { RecordedLine } from './recorded-line.ts'
import { longestLine, textLines } from './text-lines.ts'

const interpreters: Readonly<Record<string, new (options: LineReaderOptions) => Interpreter>> = {
  '.csv': CsvInterpreter,
  '.tsv': CsvInterpreter,
  '.ndjson': ObjectInterpreter,
  '.jsonl': ObjectInterpreter,
}

/** The endings of files that can be read. */
export const recordingEndings = Object.keys(interpreters)

export type ReadOptions = Omit<LineReaderOptions, 'fallbackDevice' | 'decimalComma'>

/** Reads one recorded file line by line, without ever holding all of it. */
export async function* readFile(file: string, options: ReadOptions): AsyncGenerator<RecordedLine> {
  const ending = extname(file)
  const Interpreting = interpreters[ending.toLowerCase()]
  if (!Interpreting)
    throw new Error(`${file} is none of ${recordingEndings.join(', ')}: rename or convert it`)
  const interpreter = new Interpreting({ ...options, fallbackDevice: basename(file, ending) })
  for await (const { number, text, bytes } of textLines(createReadStream(file))) {
    if (text?.trim() === '') continue
    const at = { file, line: number, bytes }
    try {
      if (text === undefined) throw new Error(`it is longer than ${longestLine} characters: is it one line?`)
      const found = interpreter.read(text)
      if (found) yield { ...at, ...found }
    } catch (error) {
      yield { ...at, readings: [], faults: [error instanceof Error ? error.message : String(error)] }
      if (interpreter.isStuck) return
    }
  }
}
