import { csvFields, delimiterOf } from './csv-fields.ts'
import type { Found, Interpreter } from './interpreter.ts'
import { LineReader, type LineReaderOptions } from './line-reader.ts'
import { looksLikeData } from './looks-like-data.ts'

/** Reads the lines of a CSV file, the first of which names the columns. */
export class CsvInterpreter implements Interpreter {
  isStuck = false
  private readonly options: LineReaderOptions
  private delimiter = ','
  private header: readonly string[] | undefined
  private reader: LineReader | undefined

  constructor(options: LineReaderOptions) {
    this.options = options
  }

  read(text: string): Found | undefined {
    if (this.header && this.reader) return this.readData(this.header, this.reader, text)
    this.isStuck = true
    this.delimiter = delimiterOf(text)
    this.header = csvFields(text, this.delimiter).map((name) => name.trim())
    if (looksLikeData(this.header, this.options, this.options.now))
      throw new Error(
        'the first line looks like data: add a header line such as time,device,temperature before it',
      )
    this.reader = new LineReader(this.header, { ...this.options, decimalComma: this.delimiter !== ',' })
    this.isStuck = false
    return undefined
  }

  private readData(header: readonly string[], reader: LineReader, text: string): Found {
    const fields = csvFields(text, this.delimiter)
    const surplus = fields.slice(header.length)
    if (fields.length < header.length || surplus.some((field) => field.trim() !== ''))
      throw new Error(`it has ${fields.length} fields and the header ${header.length}: write as many`)
    return reader.read(new Map(header.map((name, place) => [name, fields[place]])))
  }
}
