import type { Reading } from '../../devices/wire/reading.ts'
import { readingTopic } from '../../devices/wire/reading-topic.ts'
import { timestamp } from '../../devices/wire/timestamp.ts'
import { recordedNumber } from './recorded-number.ts'
import { type FoundColumns, findColumns, type RecordingColumns } from './recording-columns.ts'

export interface LineReaderOptions extends RecordingColumns {
  /** Name of the device where the file does not say. */
  readonly fallbackDevice: string
  /** Epoch milliseconds: what a time stamp of unknown unit is plausible before. */
  readonly now: number
  readonly decimalComma?: boolean
  /** Told once of each column that turned out to hold text and was not asked for. */
  readonly onTextColumn?: (column: string, text: string) => void
}

/** Makes readings of lines that all have the same columns. */
export class LineReader {
  private readonly options: LineReaderOptions
  private readonly columns: FoundColumns
  /** Whether a column that nobody named holds numbers: decided by the first that is no gap. */
  private readonly isNumeric = new Map<string, boolean>()
  private readonly linesOf = new Map<string, number>()

  /** @throws Error in words when `names` do not say enough. */
  constructor(names: readonly string[], options: LineReaderOptions) {
    this.options = options
    this.columns = findColumns(names, options)
  }

  /** What a line says, its fields by the names of their columns. */
  read(fields: ReadonlyMap<string, unknown>): { readings: readonly Reading[]; faults: readonly string[] } {
    const faults: string[] = []
    const device = this.deviceOf(fields, faults)
    const time = faults.length === 0 ? this.timeOf(fields, device, faults) : Number.NaN
    if (faults.length > 0) return { readings: [], faults }
    const readings: Reading[] = []
    for (const column of this.columns.values ?? fields.keys()) {
      if (this.columns.values === undefined && this.isTaken(column, fields.get(column))) continue
      const value = this.valueOf(column, fields.get(column), faults)
      if (value === undefined) continue
      const metric = this.metricOf(column, fields, faults)
      if (metric !== undefined) readings.push({ device, metric, value, time })
    }
    return { readings, faults }
  }

  private deviceOf(fields: ReadonlyMap<string, unknown>, faults: string[]): string {
    const { device: column } = this.columns
    const name =
      column === undefined
        ? (this.options.deviceName ?? this.options.fallbackDevice)
        : nameIn(fields.get(column))
    try {
      readingTopic(name)
    } catch (error) {
      faults.push(column === undefined ? wordsOf(error) : `column ${quoted(column)}: ${wordsOf(error)}`)
    }
    return name
  }

  private timeOf(fields: ReadonlyMap<string, unknown>, device: string, faults: string[]): number {
    const { time: column } = this.columns
    const { now, every = 0, start = year2020 } = this.options
    if (column === undefined) {
      const line = this.linesOf.get(device) ?? 0
      this.linesOf.set(device, line + 1)
      return start + line * every
    }
    const field = fields.get(column)
    const stamp = typeof field === 'string' ? field.trim().replace(slashes, '$1-$2-$3') : field
    const time = timestamp(stamp, now)
    if (time === undefined)
      faults.push(
        `column ${quoted(column)} is ${quoted(field)}: write a time in s, ms, µs, ns or ISO 8601, or name another column with --time`,
      )
    return time ?? Number.NaN
  }

  private valueOf(column: string, field: unknown, faults: string[]): number | undefined {
    const value = recordedNumber(field, this.options.decimalComma ?? false)
    if (value === undefined || Math.abs(value) <= largest) return value
    faults.push(
      `column ${quoted(column)} is ${quoted(field)}: write a number of at most 1e15 in magnitude, or nothing for a gap`,
    )
    return undefined
  }

  private metricOf(
    column: string,
    fields: ReadonlyMap<string, unknown>,
    faults: string[],
  ): string | undefined {
    if (this.columns.metric === undefined) return column.trim()
    const metric = nameIn(fields.get(this.columns.metric))
    if (metric !== '') return metric
    faults.push(`column ${quoted(this.columns.metric)} is empty: write the name of a metric`)
    return undefined
  }

  /** Whether a column has a meaning already, or none. */
  private isTaken(column: string, field: unknown): boolean {
    const { time, device, metric } = this.columns
    if (column === time || column === device || column === metric || column.trim() === '') return true
    const known = this.isNumeric.get(column)
    if (known !== undefined) return !known
    const value = recordedNumber(field, this.options.decimalComma ?? false)
    if (value === undefined) return true
    const numeric = !Number.isNaN(value)
    this.isNumeric.set(column, numeric)
    if (!numeric) this.options.onTextColumn?.(column, String(field))
    return !numeric
  }
}

const largest = 1e15
const year2020 = Date.UTC(2020, 0, 1)
const slashes = /^(\d{4})\/(\d\d)\/(\d\d)/

const nameIn = (field: unknown): string =>
  typeof field === 'string' ? field.trim() : typeof field === 'number' ? String(field) : ''

const quoted = (value: unknown): string => {
  const text =
    typeof value === 'object' && value !== null ? 'an object' : (JSON.stringify(value) ?? 'missing')
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
