import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'

type Parts = readonly Processor<Timed, unknown>[]

export const earliestDue = (parts: Parts, states: readonly unknown[]): number => {
  let earliest = Number.POSITIVE_INFINITY
  for (let place = 0; place < parts.length; place += 1) {
    const part = parts[place] as Processor<Timed, unknown>
    if (!part.due) continue
    const due = part.due(states[place])
    if (due < earliest) earliest = due
  }
  return earliest
}
