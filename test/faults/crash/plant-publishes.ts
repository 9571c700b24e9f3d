import { randomFrom } from '../../../lib/statistics/random.ts'

export const clientsOfPlant = 8
const devicesOfClient = 12

/** One publish of a client, and what it means. */
export interface PlantPublish {
  readonly topic: string
  readonly payload: string
  readonly device: string
  /** Sequence numbers of the readings in it, none in one that cannot be read. */
  readonly sequences: readonly number[]
}

/**
 * What client number `client` publishes, the same for the same seed for ever. Most are one reading, some two
 * in one payload, few cannot be read. Some devices speak rarely, so that they are asleep when they do.
 */
export function* plantPublishes(seed: number, client: number): Generator<PlantPublish, never> {
  const random = randomFrom(seed, client)
  const spoken = new Map<string, number>()
  for (let number = 1; ; number++) {
    const device = `c${client}-d${Math.floor(devicesOfClient * random.uniform() ** 3)}`
    const kind = random.below(200)
    if (kind === 0) {
      yield { topic: `v1/${device}/level`, payload: `unreadable ${number}`, device, sequences: [] }
      continue
    }
    const sequence = (spoken.get(device) ?? 0) + 1
    const ts = firstMoment + sequence * 50
    const sequences = kind < 20 ? [sequence, sequence + 1] : [sequence]
    spoken.set(device, sequence + sequences.length - 1)
    yield kind < 20
      ? {
          topic: `v1/${device}`,
          payload: JSON.stringify({ level: sequence, flow: sequence + 1, ts }),
          device,
          sequences,
        }
      : { topic: `v1/${device}/level`, payload: JSON.stringify({ value: sequence, ts }), device, sequences }
  }
}

/** 2025: in the past of every run, and near enough to be read as milliseconds. */
const firstMoment = 1_750_000_000_000
