import type { KeyedProcessor, Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'

/**
 * Gives each sub-key a state of its own of `each`: the clock belongs to the actor, the baseline to the
 * metric. As a durable step each sub-key is saved as a row of its own; inside another processor all of them
 * are part of its state. Timers of several sub-keys that are due together fire in the order of their names.
 */
export const perKey = <In extends Timed, Out, State>(
  keyOf: (event: In) => string,
  each: Processor<In, Out, State>,
): KeyedProcessor<In, Out, State> => ({
  keyOf,
  each,
  create: () => new Map(),
  onEvent(states, event, turn) {
    const key = keyOf(event)
    let state = states.get(key)
    if (state === undefined) {
      state = each.create()
      states.set(key, state)
    }
    each.onEvent(state, event, turn)
  },
  due(states) {
    let earliest = Number.POSITIVE_INFINITY
    if (!each.due) return earliest
    for (const state of states.values()) earliest = Math.min(earliest, each.due(state))
    return earliest
  },
  onTime(states, time, turn) {
    for (const key of namesIn(states)) {
      const state = states.get(key) as State
      if (each.due && each.due(state) <= time) each.onTime?.(state, time, turn)
    }
  },
  onIdle(states, turn) {
    if (!each.onIdle) return
    for (const key of namesIn(states)) each.onIdle(states.get(key) as State, turn)
  },
  awaitsSilence(states) {
    if (!each.awaitsSilence) return false
    for (const state of states.values()) if (each.awaitsSilence(state)) return true
    return false
  },
})

const namesIn = (states: ReadonlyMap<string, unknown>): string[] => [...states.keys()].sort()
