import type { Reading } from '../../../devices/wire/reading.ts'
import { randomFrom } from '../../../lib/statistics/random.ts'
import { type Duration, seconds } from '../../../lib/time/duration.ts'

export const generatedEvery: Duration = seconds(5)

/** A temperature that is off for a while now and then, the same for the same seed. */
export const generatedRecording = (seed: number, count: number): Reading[] => {
  const random = randomFrom(seed)
  const start = Date.UTC(2025, 0, 6)
  let offset = 0
  let offUntil = 0
  return Array.from({ length: count }, (_, index) => {
    if (index >= offUntil) offset = 0
    if (index > 300 && offset === 0 && random.below(400) === 0) {
      offset = random.below(2) === 0 ? 9 : -6
      offUntil = index + 1 + random.below(80)
    }
    const value = Number((70 + random.normal() + offset).toFixed(3))
    return { device: 'press-7', metric: 'temperature', value, time: start + index * generatedEvery }
  })
}
