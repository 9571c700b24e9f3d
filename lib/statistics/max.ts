import { type Accumulator, numberOf, type Valued } from './accumulator.ts'
import { requireNumber } from './baseline.ts'

export interface Largest {
  value: number
}

/** Largest `of(event)`, of the event's `value` unless given. -Infinity of nothing. */
export function max(): Accumulator<Valued, number, Largest>
export function max<In>(of: (event: In) => number): Accumulator<In, number, Largest>
export function max(of: (event: Valued) => number = numberOf): Accumulator<Valued, number, Largest> {
  return {
    create: () => ({ value: Number.NEGATIVE_INFINITY }),
    accumulate(state, event) {
      const value = of(event)
      requireNumber(value)
      state.value = Math.max(state.value, value)
    },
    combine(state, other) {
      state.value = Math.max(state.value, other.value)
    },
    finish: (state) => state.value,
  }
}
