import type { Accumulator } from './accumulator.ts'

export interface Count {
  count: number
}

/** How many there were. */
export const count = (): Accumulator<unknown, number, Count> => ({
  create: () => ({ count: 0 }),
  accumulate(state) {
    state.count += 1
  },
  combine(state, other) {
    state.count += other.count
  },
  finish: (state) => state.count,
})
