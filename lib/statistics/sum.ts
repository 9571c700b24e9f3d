import { type Accumulator, numberOf, type Valued } from './accumulator.ts'
import { requireNumber } from './baseline.ts'

export interface CompensatedSum {
  sum: number
  /** What rounding has cost `sum` so far. */
  lost: number
}

const add = (state: CompensatedSum, value: number): void => {
  const sum = state.sum + value
  state.lost += Math.abs(state.sum) >= Math.abs(value) ? state.sum - sum + value : value - sum + state.sum
  state.sum = sum
}

/**
 * Sum of `of(event)`, of the event's `value` unless given, with the rounding errors added back: A. Neumaier,
 * "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974) 39–51.
 */
export function sum(): Accumulator<Valued, number, CompensatedSum>
export function sum<In>(of: (event: In) => number): Accumulator<In, number, CompensatedSum>
export function sum(of: (event: Valued) => number = numberOf): Accumulator<Valued, number, CompensatedSum> {
  return {
    create: () => ({ sum: 0, lost: 0 }),
    accumulate(state, event) {
      const value = of(event)
      requireNumber(value)
      add(state, value)
    },
    combine(state, other) {
      add(state, other.sum)
      state.lost += other.lost
    },
    finish: (state) => state.sum + state.lost,
  }
}
