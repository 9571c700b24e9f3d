import { InvalidArgumentError } from 'commander'
import { readLength } from './parse-length.ts'

/** Epoch milliseconds of `10m`, `2h`, `7d` ago, or of a date and time in ISO 8601. For an option. */
export const parseMoment = (text: string): number => {
  const length = readLength(text)
  if (length !== undefined) return Date.now() - length
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time))
    throw new InvalidArgumentError('Give a length like 10m, 2h or 7d, or a time like 2026-01-31T08:00Z.')
  return time
}
