import type { KeyedProcessor, Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import type { ClockTurn, Turn } from '../time/turn.ts'

/**
 * Gives each sub-key a state of its own of `each`, which finds it as `turn.subkey`: the clock belongs to the
 * actor, the baseline to the metric. As a durable step each sub-key is saved as a row of its own; inside
 * another processor all of them are part of its state. Timers of several sub-keys that are due together fire
 * in the order of their names.
 */
export const perKey = <In extends Timed, Out, State>(
  keyOf: (event: In) => string,
  each: Processor<In, Out, State>,
): KeyedProcessor<In, Out, State> => {
  // Turns are synchronous, so one object serves every actor, as long as it is put back.
  const inner = new SubkeyTurn()
  return {
    keyOf,
    each,
    create: () => new Map(),
    onEvent(states, event, out, turn) {
      const key = keyOf(event)
      let state = states.get(key)
      if (state === undefined) {
        state = each.create()
        states.set(key, state)
      }
      const { outer, subkey } = inner
      inner.enter(turn, key)
      try {
        each.onEvent(state, event, out, inner)
      } finally {
        inner.enter(outer, subkey)
      }
    },
    due(states) {
      let earliest = Number.POSITIVE_INFINITY
      if (!each.due) return earliest
      for (const state of states.values()) earliest = Math.min(earliest, each.due(state))
      return earliest
    },
    onTime(states, time, out, turn) {
      const { outer, subkey } = inner
      try {
        for (const key of namesIn(states)) {
          const state = states.get(key) as State
          inner.enter(turn, key)
          if (each.due && each.due(state) <= time) each.onTime?.(state, time, out, inner)
        }
      } finally {
        inner.enter(outer, subkey)
      }
    },
    onIdle(states, out, turn) {
      if (!each.onIdle) return
      const { outer, subkey } = inner
      try {
        for (const key of namesIn(states)) {
          inner.enter(turn, key)
          each.onIdle(states.get(key) as State, out, inner)
        }
      } finally {
        inner.enter(outer, subkey)
      }
    },
    awaitsSilence(states) {
      if (!each.awaitsSilence) return false
      for (const state of states.values()) if (each.awaitsSilence(state)) return true
      return false
    },
  }
}

const namesIn = (states: ReadonlyMap<string, unknown>): string[] => [...states.keys()].sort()

/** The turn of the whole, seen from the state of one sub-key. */
class SubkeyTurn implements ClockTurn {
  outer: Turn | undefined
  subkey = ''

  enter(outer: Turn | undefined, subkey: string): void {
    this.outer = outer
    this.subkey = subkey
  }

  get key(): string {
    return this.outer!.key
  }

  get watermark(): number {
    return this.outer!.watermark
  }

  get arrival(): number {
    return this.outer!.arrival
  }

  /** Only a clock step asks for it, and a clock step is given a turn that has it. */
  advance(watermark: number): void {
    ;(this.outer as ClockTurn).advance(watermark)
  }
}
