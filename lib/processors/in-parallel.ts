import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { earliestDue } from './compositions.ts'

/**
 * Several processors that each take every event. Their outputs come in the order of their places; so do the
 * timers of several that are due together.
 */
export function inParallel<In extends Timed, A, B>(
  a: Processor<In, A>,
  b: Processor<In, B>,
): Processor<In, A | B, unknown[]>
export function inParallel<In extends Timed, A, B, C>(
  a: Processor<In, A>,
  b: Processor<In, B>,
  c: Processor<In, C>,
): Processor<In, A | B | C, unknown[]>
export function inParallel<In extends Timed, Out>(
  ...parts: readonly Processor<In, Out>[]
): Processor<In, Out, unknown[]>
export function inParallel(
  ...parts: readonly Processor<Timed, unknown>[]
): Processor<Timed, unknown, unknown[]> {
  const due = earliestDue(parts)
  return {
    parts,
    create: () => parts.map((part) => part.create()),
    onEvent(states, event, out, turn) {
      for (let place = 0; place < parts.length; place += 1) {
        ;(parts[place] as Processor<Timed, unknown>).onEvent(states[place], event, out, turn)
      }
    },
    ...(due ? { due } : {}),
    onTime(states, time, out, turn) {
      for (const [place, part] of parts.entries()) {
        if (part.due && part.due(states[place]) <= time) part.onTime?.(states[place], time, out, turn)
      }
    },
    onIdle(states, out, turn) {
      for (const [place, part] of parts.entries()) part.onIdle?.(states[place], out, turn)
    },
    awaitsSilence: (states) => parts.some((part, place) => part.awaitsSilence?.(states[place]) ?? false),
  }
}
