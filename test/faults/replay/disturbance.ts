import type { Reading } from '../../../devices/wire/reading.ts'
import { randomFrom } from '../../../lib/statistics/random.ts'
import type { Duration } from '../../../lib/time/duration.ts'

/**
 * The same readings out of order, some of them twice. Each comes up to nine tenths of `bound` after ones that
 * are younger, so none is late, and a repeat comes before the watermark has passed the first.
 */
export const disturbed = (readings: readonly Reading[], bound: Duration, seed: number) => {
  const random = randomFrom(seed)
  const held = (reading: Reading): { reading: Reading; at: number } => ({
    reading,
    at: reading.time + random.uniform() * 0.9 * bound,
  })
  const repeats = readings.filter(() => random.below(10) === 0)
  const sent = [...readings.map(held), ...repeats.map(held)]
    .sort((one, other) => one.at - other.at)
    .map(({ reading }) => reading)
  return { sent, repeats: repeats.length, outOfOrder: overtaken(sent) }
}

/** Readings that come after a younger one. */
const overtaken = (readings: readonly Reading[]): number => {
  let latest = Number.NEGATIVE_INFINITY
  let count = 0
  for (const { time } of readings) {
    if (time < latest) count++
    latest = Math.max(latest, time)
  }
  return count
}
