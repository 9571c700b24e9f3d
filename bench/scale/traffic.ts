import { type Random, randomFrom } from '../../lib/statistics/random.ts'
import type { Sample } from '../engine/samples.ts'

/** Which device speaks next. */
export type Traffic = () => number

/** One in twenty devices sends nine in ten readings, and these are strewn over all keys. */
export function skewed(devices: number, seed: number): Traffic {
  const random = randomFrom(seed)
  const busy = Math.ceil(devices / 20)
  return () => (random.uniform() < 0.9 ? 20 * random.below(busy) : random.below(devices))
}

/** Every device in turn: the worst there is for a memory that holds one in twenty. */
export function roundRobin(devices: number): Traffic {
  let next = 0
  return () => next++ % devices
}

/** Readings of `traffic`, each up to 900 ms older than `now()`, around a level of their device's own. */
export function readings(traffic: Traffic, now: () => number, seed: number): () => Sample {
  const random: Random = randomFrom(seed, 1)
  return () => {
    const which = traffic()
    return {
      sensor: `sensor-${which}`,
      value: 20 + (which % 50) + random.uniform(),
      time: now() - random.below(900),
    }
  }
}
