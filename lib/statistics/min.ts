import { type Accumulator, numberOf, type Valued } from './accumulator.ts'
import { requireNumber } from './baseline.ts'

export interface Smallest {
  value: number
}

/** Smallest `of(event)`, of the event's `value` unless given. Infinity of nothing. */
export function min(): Accumulator<Valued, number, Smallest>
export function min<In>(of: (event: In) => number): Accumulator<In, number, Smallest>
export function min(of: (event: Valued) => number = numberOf): Accumulator<Valued, number, Smallest> {
  return {
    create: () => ({ value: Number.POSITIVE_INFINITY }),
    accumulate(state, event) {
      const value = of(event)
      requireNumber(value)
      state.value = Math.min(state.value, value)
    },
    combine(state, other) {
      state.value = Math.min(state.value, other.value)
    },
    finish: (state) => state.value,
  }
}
