import { inspect } from 'node:util'
import { days } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import { timelineStart, wordsOf } from './moment.ts'
import { type Given, Silence, WallTime, Watermark } from './notation.ts'

/** A case as a timeline shows it, for messages. `between` stands between two steps. */
export function caseWords<In extends Timed>(steps: readonly Given<In>[], between = ' '): string {
  const origin = originOf(steps)
  return steps.map((step) => stepWords(step, origin)).join(between)
}

/** One value, on one line if it fits. */
export const valueWords = (value: unknown): string =>
  inspect(value, { depth: 8, breakLength: 100, sorted: false, maxArrayLength: 50 })

function stepWords(step: Given<Timed>, origin: number): string {
  if (step instanceof Silence) return step.lasting === undefined ? '~' : `~${wordsOf(step.lasting)}`
  if (step instanceof Watermark) return `^${wordsOf(step.time - origin)}`
  if (step instanceof WallTime) return `[${wordsOf(step.time - origin)}]`
  const { time, ...fields } = step as Timed & Record<string, unknown>
  return `${eventWords(fields)}@${wordsOf(time - origin)}`
}

function eventWords(fields: Record<string, unknown>): string {
  const names = Object.keys(fields)
  const [only] = Object.values(fields)
  if (names.length === 0) return 'event'
  if (names.length === 1 && (typeof only !== 'object' || only === null)) return String(only)
  return inspect(fields, { depth: 4, breakLength: Number.POSITIVE_INFINITY, compact: true })
}

/** Where its times count from: the start of timelines when they are near it, 0 when they are small. */
function originOf(steps: readonly Given<Timed>[]): number {
  const times = steps.flatMap((step) => ('time' in step ? [step.time] : [])).filter(Number.isFinite)
  const first = Math.min(...times)
  if (first >= timelineStart - days(1) && first < timelineStart + days(366)) return timelineStart
  return Math.abs(first) < days(1) ? 0 : first
}
