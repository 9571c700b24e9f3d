import { type Duration, days, hours, milliseconds, minutes, seconds } from '../time/duration.ts'

/** Where the times of a timeline count from: 1 January 2026, 00:00 UTC, which clock steps take for real. */
export const timelineStart = Date.UTC(2026, 0, 1)

const units: readonly (readonly [name: string, length: Duration])[] = [
  ['d', days(1)],
  ['h', hours(1)],
  ['m', minutes(1)],
  ['s', seconds(1)],
  ['ms', milliseconds(1)],
]

/**
 * The moment that a timeline writes as `text`, in epoch milliseconds: `moment('1m30s')` is 90 seconds after
 * `timelineStart`. Units are d, h, m, s and ms.
 */
export const moment = (text: string): number => timelineStart + durationOf(text)

/** The length of time that a timeline writes as `text`: `1h`, `1m30s`, `1.5s`, `-250ms`, `0`. */
export function durationOf(text: string): Duration {
  const [, sign, parts] = /^(-?)((?:\d+(?:\.\d+)?(?:ms|d|h|m|s))+|0)$/.exec(text) ?? []
  if (parts === undefined) {
    throw new RangeError(`time "${text}" is not understood: write it like 12s, 1m30s or 250ms`)
  }
  let length = 0
  for (const [, count, unit] of parts.matchAll(/(\d+(?:\.\d+)?)(ms|d|h|m|s)/g)) {
    length += Number(count) * units.find(([name]) => name === unit)![1]
  }
  return sign === '-' ? -length : length
}

/** A length of time as a timeline writes it. */
export function wordsOf(duration: Duration): string {
  if (!Number.isFinite(duration)) return String(duration)
  let rest = Math.abs(duration)
  let words = duration < 0 ? '-' : ''
  for (const [name, length] of units) {
    const count = name === 'ms' ? rest : Math.floor(rest / length)
    if (count > 0) words += `${count}${name}`
    rest -= count * length
  }
  return words === '' ? '0' : words
}
