import { InvalidArgumentError } from 'commander'
import { type Duration, days, hours, minutes, seconds } from '../../lib/time/duration.ts'

const units = new Map([
  ['s', seconds],
  ['m', minutes],
  ['h', hours],
  ['d', days],
])

/** Milliseconds of `90s`, `10m`, `2h` or `7d`; undefined for anything else. */
export const readLength = (text: string): Duration | undefined => {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  return count && unit ? units.get(unit)?.(Number(count)) : undefined
}

/** For an option that takes a length of time. */
export const parseLength = (text: string): Duration => {
  const length = readLength(text)
  if (length === undefined || length === 0)
    throw new InvalidArgumentError('Give a length like 90s, 10m or 2h.')
  return length
}
