import type { Duration } from '../time/duration.ts'
import type { Assigner } from './assigner.ts'

/**
 * Windows of `size` that follow each other without gap or overlap, the same for every actor: [0, size),
 * [size, 2·size) … since 1970, moved by `offset`. Days of a time zone: `tumbling(days(1), -hours(1))`.
 */
export const tumbling = (size: Duration, offset: Duration = 0): Assigner => {
  if (!(size > 0 && size < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `size must be more than 0 ms and finite, got ${size}: give a duration like minutes(1)`,
    )
  }
  if (!(Math.abs(offset) < size)) {
    throw new RangeError(`offset must be shorter than size (${size} ms), got ${offset}: give a part of it`)
  }
  return {
    latestStart: (time) => time - ((((time - offset) % size) + size) % size),
    startBefore: () => Number.NEGATIVE_INFINITY,
    endOf: (start) => start + size,
  }
}
