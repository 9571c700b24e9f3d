import { type Random, randomFrom } from '../../lib/statistics/random.ts'
import type { Sample } from '../engine/samples.ts'

const prefix = 'sensor-'
export const nameOf = (which: number): string => `${prefix}${which}`

/** Which device speaks next. */
export type Traffic = () => number

/** One in so many is busy, and these are strewn over all keys. */
const busyOneIn = 20

/** One in twenty devices sends nine in ten readings. */
export function skewed(devices: number, seed: number): Traffic {
  const random = randomFrom(seed)
  const busy = Math.ceil(devices / busyOneIn)
  return () => (random.uniform() < 0.9 ? busyOneIn * random.below(busy) : random.below(devices))
}

/** Whether skewed traffic comes from the device of this name nearly all the time. */
export const isBusy = (sensor: string): boolean => Number(sensor.slice(prefix.length)) % busyOneIn === 0

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
      sensor: nameOf(which),
      value: 20 + (which % 50) + random.uniform(),
      time: now() - random.below(900),
    }
  }
}
