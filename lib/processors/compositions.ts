import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'

type Parts = readonly Processor<Timed, unknown>[]

/** 1 when every part is at 1, and higher with each version that any of them has gained. */
export const versionOf = (parts: Parts): number =>
  parts.reduce((version, part) => version + (part.version ?? 1) - 1, 1)

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
