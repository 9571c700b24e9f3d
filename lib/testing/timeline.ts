import type { Timed } from '../time/timed.ts'
import { durationOf, moment } from './moment.ts'
import { at, type Given, isEvent, silence, wallTime, watermark } from './notation.ts'

/**
 * A test case written as one line, in order of arrival. Times are event times, counted from `timelineStart`.
 *
 * ```
 * a@10s      event `a`, which happened at 10 s
 * ^12s       the watermark passes 12 s (where no step of the case moves it)
 * ~  ~1h     nothing arrives for a while, or for an hour
 * [20s]      what follows arrives at 20 s on the wall
 * ```
 *
 * So `a@10s c@14s b@12s ~` is three events of which `b` came out of order, and then silence. `eventOf` makes
 * an event of its word and its time; without it `a@10s` is `{ time: moment('10s'), value: 'a' }`.
 *
 * Throws a RangeError that names the word it does not understand.
 */
export function timeline(text: string): Given<Timed & { value: string }>[]
export function timeline<In extends Timed>(
  text: string,
  eventOf: (word: string, time: number) => In,
): Given<In>[]
export function timeline(
  text: string,
  eventOf: (word: string, time: number) => Timed = (word, time) => at(time, word),
): Given<Timed>[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => read(word, eventOf))
}

/**
 * The events of a timeline that has nothing else, for a `history` or a source. Throws a RangeError when there
 * is a watermark, a silence or wall time among them.
 */
export function events(text: string): (Timed & { value: string })[]
export function events<In extends Timed>(text: string, eventOf: (word: string, time: number) => In): In[]
export function events(
  text: string,
  eventOf: (word: string, time: number) => Timed = (word, time) => at(time, word),
): Timed[] {
  return timeline(text, eventOf).map((step) => {
    if (isEvent(step)) return step
    throw new RangeError(`events has "${text}", and only events may be in it: use timeline() for the rest`)
  })
}

function read(word: string, eventOf: (word: string, time: number) => Timed): Given<Timed> {
  const [, name, time] = /^([^@]+)@([^@]+)$/.exec(word) ?? []
  if (name !== undefined && time !== undefined) return eventOf(name, moment(time))
  if (word === '~') return silence()
  if (word.startsWith('~')) return silence(durationOf(word.slice(1)))
  if (word.startsWith('^')) return watermark(moment(word.slice(1)))
  if (word.startsWith('[') && word.endsWith(']')) return wallTime(moment(word.slice(1, -1)))
  throw new RangeError(
    `timeline has "${word}", which is not understood: write an event as name@12s, a watermark as ^12s, ` +
      'silence as ~ or ~1h, and wall time as [12s]',
  )
}
