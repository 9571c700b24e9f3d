import type { Processor } from '../../lib/time/processor.ts'
import type { Timed } from '../../lib/time/timed.ts'

/** Counts its events and emits the count at each. */
export const counter = (): Processor<Timed, number, { count: number }> => ({
  create: () => ({ count: 0 }),
  onEvent(state, _event, out) {
    state.count++
    out.emit(state.count)
  },
})
