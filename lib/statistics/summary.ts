import { type Accumulator, numberOf, type Valued } from './accumulator.ts'
import { type Moments, type Summary, welford } from './welford.ts'

/** Count, mean and sample spread of `of(event)`, of the event's `value` unless given. */
export function summary(): Accumulator<Valued, Summary, Moments>
export function summary<In>(of: (event: In) => number): Accumulator<In, Summary, Moments>
export function summary(of: (event: Valued) => number = numberOf): Accumulator<Valued, Summary, Moments> {
  const { create, accumulate, combine, finish } = welford()
  return { create, accumulate: (state, event) => accumulate(state, of(event)), combine, finish }
}
