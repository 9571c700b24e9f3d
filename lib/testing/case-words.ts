import { inspect, isDeepStrictEqual } from 'node:util'
import { days } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import { timelineStart, wordsOf } from './moment.ts'
import { type Given, isEvent, Silence, WallTime, Watermark } from './notation.ts'

/**
 * A case as a timeline shows it, for messages. `between` stands between two steps. Fields that all events
 * have alike are left out.
 */
export function caseWords<In extends Timed>(
  steps: readonly Given<In>[],
  between = ' ',
  among: readonly Given<In>[] = steps,
): string {
  const origin = originOf(among)
  const told = tellingFields(among.filter(isEvent))
  return steps.map((step) => stepWords(step, origin, told)).join(between)
}

/** One value, on one line if it fits. */
export const valueWords = (value: unknown): string =>
  inspect(value, { depth: 8, breakLength: 100, sorted: false, maxArrayLength: 50 })

function stepWords(step: Given<Timed>, origin: number, told: ReadonlySet<string>): string {
  if (step instanceof Silence) return step.lasting === undefined ? '~' : `~${wordsOf(step.lasting)}`
  if (step instanceof Watermark) return `^${wordsOf(step.time - origin)}`
  if (step instanceof WallTime) return `[${wordsOf(step.time - origin)}]`
  return `${eventWords(step, told)}@${wordsOf(step.time - origin)}`
}

function eventWords(event: Timed, told: ReadonlySet<string>): string {
  const fields = Object.entries(event).filter(([name]) => told.has(name))
  const [only] = fields
  if (!only) return 'event'
  if (fields.length === 1 && (typeof only[1] !== 'object' || only[1] === null)) return String(only[1])
  return inspect(Object.fromEntries(fields), { depth: 4, breakLength: Number.POSITIVE_INFINITY })
}

/** Names of the fields, besides the time, in which events differ; of all when they differ in none. */
function tellingFields(events: readonly Timed[]): ReadonlySet<string> {
  const names = new Set(events.flatMap((event) => Object.keys(event)))
  names.delete('time')
  const field = (event: Timed, name: string): unknown => event[name as keyof Timed]
  const telling = [...names].filter((name) =>
    events.some((event) => !isDeepStrictEqual(field(event, name), field(events[0]!, name))),
  )
  return telling.length > 0 ? new Set(telling) : names
}

/** Where its times count from: the start of timelines when they are near it, 0 when they are small. */
function originOf(steps: readonly Given<Timed>[]): number {
  const times = steps.flatMap((step) => ('time' in step ? [step.time] : [])).filter(Number.isFinite)
  const first = Math.min(...times)
  if (first >= timelineStart - days(1) && first < timelineStart + days(1)) return timelineStart
  return Math.abs(first) < days(1) ? 0 : first
}
