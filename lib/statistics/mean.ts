import { type Accumulator, numberOf, type Valued } from './accumulator.ts'
import { type Moments, welford } from './welford.ts'

/** Arithmetic mean of `of(event)`, of the event's `value` unless given. 0 of nothing. */
export function mean(): Accumulator<Valued, number, Moments>
export function mean<In>(of: (event: In) => number): Accumulator<In, number, Moments>
export function mean(of: (event: Valued) => number = numberOf): Accumulator<Valued, number, Moments> {
  const { create, accumulate, combine, mean: finish } = welford()
  return { create, accumulate: (state, event) => accumulate(state, of(event)), combine, finish }
}
