import type { Duration } from '../time/duration.ts'
import { late } from '../time/output-tag.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'

/** Keys that were let through in one stretch of event time, each with its time. */
export interface SeenSlot {
  /** Number of the stretch: event time divided by `within`. */
  readonly number: number
  readonly times: Map<string, number>
}

/** Plain data: in order of their numbers, and how many keys they hold together. */
export interface SeenKeys {
  size: number
  readonly slots: SeenSlot[]
}

export interface DeduplicateOptions<In> {
  /** What twins have in common: an id of the event, a number its sender gave it. */
  readonly key: (event: In) => string
  /** Twins lie no further apart in event time than this, the limit included. */
  readonly within: Duration
  /** Keys remembered at the most, 10,000 unless given. */
  readonly capacity?: number
}

/**
 * Drops an event when one of the same key was let through that lies within `within` of it in event time,
 * before or after. The first to arrive wins, whatever the times, and passes at once. What is dropped is not
 * remembered: a third that is near a dropped one only passes.
 *
 * A key is forgotten when the watermark says that no twin can follow. An event at or behind the watermark may
 * have a twin that is forgotten already: if none is known, it goes to the late output. So twins that keep to
 * the bound on out-of-orderness come out once, in every order of arrival.
 *
 * Behind a clock that stands still nothing would ever be forgotten: beyond `capacity` those go that lie
 * furthest back, first the ones that came first, and a twin of theirs passes.
 */
export const deduplicate = <In extends Timed>({
  key: keyOf,
  within,
  capacity = 10_000,
}: DeduplicateOptions<In>): Processor<In, In, SeenKeys> => {
  if (!(within > 0 && within < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `within must be more than 0 ms and finite, got ${within}: give a duration like minutes(5)`,
    )
  }
  if (!(capacity >= 1)) throw new RangeError(`capacity must be 1 key or more, got ${capacity}`)

  /** Two of one key that both passed lie further apart than a slot is long, so no slot has a key twice. */
  const isKnown = ({ slots }: SeenKeys, key: string, time: number): boolean => {
    const number = Math.floor(time / within)
    for (let place = slots.length - 1; place >= 0; place--) {
      const slot = slots[place] as SeenSlot
      if (slot.number < number - 1) return false
      if (slot.number > number + 1) continue
      const seen = slot.times.get(key)
      if (seen !== undefined && Math.abs(seen - time) <= within) return true
    }
    return false
  }

  return {
    create: () => ({ size: 0, slots: [] }),
    onEvent(state, event, out, turn) {
      const key = keyOf(event)
      if (isKnown(state, key, event.time)) return
      if (event.time <= turn.watermark) return out.to(late, event)
      while (state.size >= capacity) forgetOne(state)
      slotOf(state.slots, Math.floor(event.time / within)).times.set(key, event.time)
      state.size++
      out.emit(event)
    },
    due: ({ slots }) => (slots.length > 0 ? lastTwin(slots[0] as SeenSlot) : Number.POSITIVE_INFINITY),
    onTime(state, time) {
      const { slots } = state
      while (slots.length > 0 && lastTwin(slots[0] as SeenSlot) <= time) {
        state.size -= (slots.shift() as SeenSlot).times.size
      }
    },
  }

  /** No event of a slot has a twin later than a slot's length after the slot's end. */
  function lastTwin({ number }: SeenSlot): number {
    return (number + 2) * within
  }
}

/** Slots are in order. Events are mostly too, so the latest is tried first. */
const slotOf = (slots: SeenSlot[], number: number): SeenSlot => {
  let place = slots.length
  while (place > 0 && (slots[place - 1] as SeenSlot).number > number) place--
  const before = slots[place - 1]
  if (before?.number === number) return before
  const slot = { number, times: new Map<string, number>() }
  slots.splice(place, 0, slot)
  return slot
}

const forgetOne = (state: SeenKeys): void => {
  const { times } = state.slots[0] as SeenSlot
  for (const key of times.keys()) {
    times.delete(key)
    break
  }
  if (times.size === 0) state.slots.shift()
  state.size--
}
