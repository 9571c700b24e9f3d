import type { Random } from '../lib/statistics/random.ts'

/**
 * How hard something works, relative to usual: normal with mean 0 and standard deviation 1, forgetting
 * itself within `memory` seconds. (An Ornstein–Uhlenbeck process sampled exactly, once a second.)
 */
export interface Load {
  readonly value: number
  step(): void
}

export function load(random: Random, memory: number): Load {
  // (1 - 1/n) stands for exp(-1/n): it needs no function whose last bit differs between engines.
  const kept = 1 - 1 / memory
  const fresh = Math.sqrt(1 - kept * kept)
  let value = random.normal()
  return {
    get value() {
      return value
    },
    step() {
      value = kept * value + fresh * random.normal()
    },
  }
}
