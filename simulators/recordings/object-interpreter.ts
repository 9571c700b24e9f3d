import type { Found, Interpreter } from './interpreter.ts'
import { LineReader, type LineReaderOptions } from './line-reader.ts'

/** Reads the lines of an NDJSON file: an object each, whose fields are the columns. */
export class ObjectInterpreter implements Interpreter {
  readonly isStuck = false
  private readonly options: LineReaderOptions
  private reader: LineReader | undefined

  constructor(options: LineReaderOptions) {
    this.options = options
  }

  read(text: string): Found {
    const fields = new Map(Object.entries(objectIn(text)))
    this.reader ??= new LineReader([...fields.keys()], this.options)
    return this.reader.read(fields)
  }
}

const objectIn = (text: string): object => {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
  } catch {
    // Said below, in the same words.
  }
  throw new Error(
    'it is no JSON object: write one a line, {"time": "2026-01-31T08:00:00Z", "temperature": 71.4}',
  )
}
