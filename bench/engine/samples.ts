/** One value of one sensor: what the engine benchmark sends. */
export interface Sample {
  readonly sensor: string
  readonly value: number
  readonly time: number
}

const start = Date.UTC(2026, 0, 5)

/**
 * Sample number `index` of sensors that each speak once a second, up to 900 ms late among themselves, with
 * values that scatter around a level of their own. The same index gives the same sample.
 */
export function sampleAt(names: readonly string[], index: number): Sample {
  const which = index % names.length
  const second = (index - which) / names.length
  const noise = scramble(index)
  return {
    sensor: names[which]!,
    value: 20 + (which % 50) + (noise & 0xffff) / 0x10000,
    time: start + second * 1_000 + ((noise >>> 16) % 900),
  }
}

/** A sample of that sensor so long after the first `samples` of all that whatever they opened is closed. */
export function closingSampleOf(names: readonly string[], which: number, samples: number): Sample {
  const seconds = Math.ceil(samples / names.length)
  return { sensor: names[which]!, value: 20, time: start + seconds * 1_000 + 2 * windowMs }
}

export const sensorNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `sensor-${index}`)

/** How far time in a sensor's samples may go back. */
export const boundMs = 1_000
export const windowMs = 60_000

/** Order-free fingerprint of the minute means: what was computed, whoever computed it in whatever order. */
export class ResultHash {
  private sum = 0
  results = 0

  add(sensor: string, windowStart: number, mean: number): void {
    // A crooked factor: with 1e6 a mean of sixteenths could lie on the edge between two roundings.
    let hash = scramble(Math.round(mean * 987_654.321) ^ scramble(windowStart / windowMs))
    for (let index = 0; index < sensor.length; index++) hash = scramble(hash ^ sensor.charCodeAt(index))
    this.sum = (this.sum + (hash >>> 0)) % Number.MAX_SAFE_INTEGER
    this.results++
  }

  get words(): string {
    return `${this.results}:${this.sum.toString(16)}`
  }
}

function scramble(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
