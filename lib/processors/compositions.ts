import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'

type Part = Processor<Timed, unknown>

/**
 * What `due` of a composition is: the earliest of its parts'. Undefined when no part has timers: after every
 * event somebody would ask for it, and reach for states that the event did not touch.
 */
export const earliestDue = (parts: readonly Part[]): ((states: readonly unknown[]) => number) | undefined => {
  const withTimers = parts.flatMap((part, place) => (hasTimers(part) ? [{ part, place }] : []))
  const [first] = withTimers
  if (!first) return undefined
  if (withTimers.length === 1) return (states) => first.part.due(states[first.place])
  return (states) => {
    let earliest = Number.POSITIVE_INFINITY
    for (let index = 0; index < withTimers.length; index += 1) {
      const { part, place } = withTimers[index]!
      const due = part.due(states[place])
      if (due < earliest) earliest = due
    }
    return earliest
  }
}

const hasTimers = (part: Part): part is Part & Required<Pick<Part, 'due'>> => part.due !== undefined
