/**
 * An aggregate as four small functions, so that the same one serves windows and baselines. The state is
 * plain data and is changed in place: an update allocates nothing.
 */
export interface Accumulator<In, Out, State = unknown> {
  create(): State
  accumulate(state: State, value: In): void
  /** Adds what `other` has seen to `state`, as if `state` had seen it all. `other` is left as it is. */
  combine(state: State, other: State): void
  finish(state: State): Out
}

/** What aggregates of numbers take when they are not told which number to take. */
export interface Valued {
  readonly value: number
}

export const numberOf = (event: Valued): number => event.value
