import { late } from '../time/output-tag.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'

export interface OrderedState<In> {
  /** In order of time and, at the same time, of arrival. */
  readonly waiting: In[]
  /** Time of the last event that was let go before the watermark passed it. */
  released: number
}

export interface OrderedOptions {
  /** Events held at the most, 10,000 unless given. */
  readonly capacity?: number
}

/**
 * Holds events until the watermark passes them and emits them in order of time, those of the same time in
 * order of arrival. An event at or behind the watermark goes to the late output.
 *
 * A source whose clock stands still would be held for ever: when more than `capacity` events wait, the
 * earliest is let go ahead of the watermark, and what comes before it from then on is late.
 */
export const ordered = <In extends Timed>({
  capacity = 10_000,
}: OrderedOptions = {}): Processor<In, In, OrderedState<In>> => {
  if (!(capacity >= 1)) throw new RangeError(`capacity must be 1 event or more, got ${capacity}`)
  return {
    create: () => ({ waiting: [], released: Number.NEGATIVE_INFINITY }),
    onEvent(state, event, out, { watermark }) {
      if (event.time <= watermark || event.time < state.released) return out.to(late, event)
      insert(state.waiting, event)
      if (state.waiting.length <= capacity) return
      const first = state.waiting.shift() as In
      state.released = first.time
      out.emit(first)
    },
    due: ({ waiting }) => (waiting.length > 0 ? (waiting[0] as In).time : Number.POSITIVE_INFINITY),
    onTime({ waiting }, time, out) {
      // An event is out of the state before the next step sees it: what that step causes may come back here.
      while (waiting.length > 0 && (waiting[0] as In).time <= time) out.emit(waiting.shift() as In)
    },
  }
}

/** Behind all that are not later. Sources are mostly in order, so the end is tried before the middle. */
const insert = <In extends Timed>(waiting: In[], event: In): void => {
  if (waiting.length === 0 || (waiting[waiting.length - 1] as In).time <= event.time) {
    waiting.push(event)
    return
  }
  let low = 0
  let high = waiting.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((waiting[middle] as In).time <= event.time) low = middle + 1
    else high = middle
  }
  waiting.splice(low, 0, event)
}
