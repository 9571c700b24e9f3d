import { days } from '../../lib/time/duration.ts'

/**
 * Reads a time stamp of unknown unit as epoch milliseconds: a number in s, ms, µs or ns, or ISO 8601 text.
 * A number is in the unit that puts it between 20 years before and 2 years after `arrival`; these ranges
 * do not overlap. In no unit plausible, it is taken as milliseconds, for a clock step to quarantine. Text
 * without an offset is UTC. Undefined when it is no time at all.
 */
export const timestamp = (stamp: unknown, arrival: number): number | undefined => {
  if (typeof stamp === 'number') return Number.isFinite(stamp) ? inPlausibleUnit(stamp, arrival) : undefined
  if (typeof stamp !== 'string' || stamp.length > 40) return undefined
  if (digits.test(stamp)) return inPlausibleUnit(Number(stamp), arrival)
  const parts = iso.exec(stamp)
  if (!parts) return undefined
  const [, date, clock = '00:00', fraction = '', offset = 'Z'] = parts
  const time = Date.parse(`${date}T${clock}${fraction.slice(0, 4)}${offset.toUpperCase()}`)
  return Number.isNaN(time) ? undefined : time
}

const digits = /^\d{1,20}(?:\.\d+)?$/
const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)([.]\d{1,9})?(Z|[+-]\d\d:?\d\d)?)?$/i
const past = days(20 * 365)
const future = days(2 * 365)
const millisecondsPerUnit = [1, 1_000, 1e-3, 1e-6]

const inPlausibleUnit = (stamp: number, arrival: number): number => {
  for (const scale of millisecondsPerUnit) {
    const time = stamp * scale
    if (time >= arrival - past && time <= arrival + future) return toMicrosecond(time)
  }
  return stamp
}

/** A double of nanoseconds resolves no finer, and its rounding noise should not show. */
const toMicrosecond = (time: number): number => Math.round(time * 1_000) / 1_000
