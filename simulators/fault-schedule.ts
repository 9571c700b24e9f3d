import { randomFrom } from '../lib/statistics/random.ts'
import { type Duration, minutes, seconds } from '../lib/time/duration.ts'
import { durations, type Fault, faultKinds, sizes } from './fault.ts'
import { metrics } from './metric.ts'

interface Schedule {
  readonly seed: number
  readonly start: number
  readonly duration: Duration
  readonly healthyFor: Duration
  readonly faultEvery: Duration
  readonly faultScale: number
}

/** Quiet time of a machine after a fault, so that each fault can be told from the one before. */
const rest = minutes(30)

/** All faults of a plant in order of their start. The kinds take turns; a machine has one fault at a time. */
export function faultSchedule(devices: readonly string[], schedule: Schedule): Fault[] {
  const random = randomFrom(schedule.seed, 2)
  const restedAt = new Map<string, number>()
  const faults: Fault[] = []
  const end = schedule.start + schedule.duration
  let start = schedule.faultEvery === Number.POSITIVE_INFINITY ? end : schedule.start + schedule.healthyFor
  for (let turn = 0; start < end; turn++, start += schedule.faultEvery) {
    const kind = faultKinds[turn % faultKinds.length]!
    const metric = metrics[random.below(metrics.length)]!.name
    const device = devices[random.below(devices.length)]!
    const [shortest, longest] = durations[kind]
    const lasts = seconds(shortest + random.below(longest - shortest + 1))
    const [smallest, largest] = sizes[kind]
    const sign = (kind === 'spike' || kind === 'shift' || kind === 'drift') && random.below(2) === 0 ? -1 : 1
    const size = sign * schedule.faultScale * (smallest + (largest - smallest) * random.uniform())
    const onTheSecond = Math.ceil(start / 1_000) * 1_000
    if ((restedAt.get(device) ?? 0) > onTheSecond || onTheSecond + lasts > end) continue
    restedAt.set(device, onTheSecond + lasts + rest)
    faults.push({ device, metric, kind, start: onTheSecond, end: onTheSecond + lasts, size })
  }
  return faults
}
