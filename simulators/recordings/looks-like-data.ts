import { timestamp } from '../../devices/wire/timestamp.ts'
import { recordedNumber } from './recorded-number.ts'
import { isColumnName, type RecordingColumns } from './recording-columns.ts'

/**
 * Whether the first line of a file holds measurements where the names of columns should be: some field is a
 * number or a time, and none is a name that is usual or given.
 *
 * @param now Epoch milliseconds.
 */
export const looksLikeData = (fields: readonly string[], given: RecordingColumns, now: number): boolean =>
  fields.some((field) => isNumber(field) || timestamp(field, now) !== undefined) &&
  !fields.some((field) => isColumnName(field, given))

const isNumber = (field: string): boolean => Number.isFinite(recordedNumber(field, true) ?? Number.NaN)
