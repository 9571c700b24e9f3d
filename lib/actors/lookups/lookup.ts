import type { Duration } from '../../time/duration.ts'
import type { Timed } from '../../time/timed.ts'

/** How something outside is asked about an event, and what becomes of the answer. */
export interface LookupOptions<In extends Timed, Answer, Out> {
  /**
   * Asks outside of the turn: a database, a web service. Called at least once an event, and again after a
   * restart, so it should change nothing there. Resolves with plain data: what `join` gets is what the
   * journal can keep of it. `signal` aborts when nobody waits for the answer any more.
   */
  readonly ask: (event: In, context: { readonly signal: AbortSignal }) => Promise<Answer>
  /** Joins event and answer, in a turn of its own: as deterministic as everything in a behavior. */
  readonly join: (event: In, answer: Answer) => Out
  /** Time one try may take, 10 seconds unless given. */
  readonly timeout?: Duration
  /** Tries after which an event is given up and becomes a dead letter, 5 unless given. May be Infinity. */
  readonly tries?: number
  /** Events asked about at a time, over all actors of the stage, 100 unless given. */
  readonly concurrency?: number
}

/** Throws a RangeError for an option that no lookup can work with. */
export function checkLookup(name: string, options: Question['options']): void {
  for (const field of ['timeout', 'tries', 'concurrency'] as const) {
    const value = options[field] ?? 1
    if (value > 0) continue
    throw new RangeError(`${field} of lookup "${name}" is ${value}: it must be more than 0`)
  }
}

/** What an actor wants to know about one event. */
export interface Question {
  /** Name of the lookup. */
  readonly step: string
  /** Never used twice by one actor's lookup. */
  readonly id: number
  readonly event: Timed
  readonly options: LookupOptions<Timed, unknown, unknown>
}

/** What the journal keeps of an answer, or in words why there is none. */
export type Answered =
  | { readonly step: string; readonly id: number; readonly answer: unknown }
  | { readonly step: string; readonly id: number; readonly error: string }
