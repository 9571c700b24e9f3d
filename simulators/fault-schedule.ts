import { randomFrom } from '../lib/statistics/random.ts'
import { type Duration, minutes, seconds } from '../lib/time/duration.ts'
import { durations, type Fault, type FaultKind, faultKinds, sizes } from './fault.ts'
import { metrics } from './metric.ts'
import type { Schedule } from './schedule.ts'

interface FaultSchedule extends Schedule {
  readonly faultEvery: Duration
  readonly faultScale: number
}

/** Quiet time of a sensor after a fault, so that each fault can be told from the one before. */
const rest = minutes(10)

/** How often to look for a sensor that is well before a turn passes without a fault. */
const attempts = 20

/** All faults of a plant in order of their start. The kinds take turns; a sensor has one fault at a time. */
export function faultSchedule(devices: readonly string[], schedule: FaultSchedule): Fault[] {
  const random = randomFrom(schedule.seed, 2)
  const wellAgainAt = new Float64Array(devices.length * metrics.length)
  const faults: Fault[] = []
  const end = schedule.start + schedule.duration
  const first = schedule.faultEvery === Number.POSITIVE_INFINITY ? end : schedule.start + schedule.healthyFor

  /** Number of a sensor, four to a machine, −1 when none was found. */
  const wellSensor = (time: number): number => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const sensor = random.below(wellAgainAt.length)
      if (wellAgainAt[sensor]! <= time) return sensor
    }
    return -1
  }

  for (let turn = 0; first + turn * schedule.faultEvery < end; turn++) {
    const start = Math.ceil((first + turn * schedule.faultEvery) / 1_000) * 1_000
    const kind = faultKinds[turn % faultKinds.length]!
    const [shortest, longest] = durations[kind]
    const lasts = seconds(shortest + random.below(longest - shortest + 1))
    const [smallest, largest] = sizes[kind]
    const sign = (kind === 'spike' || kind === 'shift' || kind === 'drift') && random.below(2) === 0 ? -1 : 1
    const size = sign * (smallest + (largest - smallest) * random.uniform())
    const sensor = wellSensor(start)
    if (sensor === -1 || start + lasts > end) continue
    wellAgainAt[sensor] = start + lasts + rest
    const device = devices[Math.floor(sensor / metrics.length)]!
    const metric = metrics[sensor % metrics.length]!.name
    const scale = schedule.faultScale
    faults.push({ device, metric, kind, start, end: start + lasts, size: scaled(kind, size, scale) })
  }
  return faults
}

/** Noise of the healthy size is no fault: what is scaled is what lies above it. */
const scaled = (kind: FaultKind, size: number, scale: number): number =>
  kind === 'noise' ? 1 + (size - 1) * scale : size * scale
