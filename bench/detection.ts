import { parseArgs } from 'node:util'
import { hours, minutes, seconds } from '../lib/time/duration.ts'
import { faultKinds } from '../simulators/fault.ts'
import { metrics } from '../simulators/metric.ts'
import { type PlantOptions, plant } from '../simulators/plant.ts'
import { type FaultScore, type Sighting, scoreFaults } from '../simulators/score-faults.ts'
import { simulatePlant } from '../simulators/simulate-plant.ts'
import { watchedDevice } from './watched-device.ts'

const { values: flags } = parseArgs({
  options: {
    seeds: { type: 'string', default: '4' },
    machines: { type: 'string', default: '500' },
    hours: { type: 'string', default: '2' },
    scale: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const seeds = Number(flags.seeds)
const machines = Number(flags.machines)
const faultScale = Number(flags.scale)
const watched = hours(Number(flags.hours))
const sensors = 10_000

/** Plays one plant to one default behavior a machine. Watching begins when the plant stops being healthy. */
function watch(options: Omit<PlantOptions, 'start'> & { start: number }): FaultScore {
  const scene = plant(options)
  const sightings: Sighting[] = []
  let now = 0
  const devices = scene.devices.map((device) =>
    watchedDevice(device, (anomaly) => sightings.push({ anomaly, at: now })),
  )
  for (const { at, machine, device, time, values } of simulatePlant(scene)) {
    now = at
    for (let i = 0; i < metrics.length; i++) {
      devices[machine]!({ device, metric: metrics[i]!.name, value: values[i]!, time }, at)
    }
  }
  const { start, duration, faultEvery, healthyFor } = scene.options
  const from = faultEvery === Number.POSITIVE_INFINITY ? start : start + healthyFor
  return scoreFaults(scene.faults, sightings, { from, until: start + duration })
}

/** Seeds begin at different hours, so that the daily cycle is met rising, falling and turning. */
const dayOf = (seed: number): number => Date.UTC(2026, 0, 5) + ((seed * 5) % 24) * hours(1)

const healthy: FaultScore[] = []
const faulty: FaultScore[] = []
for (let seed = 1; seed <= seeds; seed++) {
  const common = { seed, faultScale, start: dayOf(seed), badClockEvery: Number.POSITIVE_INFINITY }
  const never = Number.POSITIVE_INFINITY
  const warm = { healthyFor: minutes(30), duration: minutes(30) + watched }
  healthy.push(watch({ ...common, ...warm, machines, faultEvery: never, outageEvery: minutes(20) }))
  const few = Math.ceil(machines / 2)
  faulty.push(watch({ ...common, ...warm, machines: few, faultEvery: seconds(5), outageEvery: never }))
}

const sum = (scores: readonly FaultScore[], of: (score: FaultScore) => number): number =>
  scores.reduce((total, score) => total + of(score), 0)
const mean = (scores: readonly FaultScore[], of: (score: FaultScore) => number): number =>
  sum(scores, of) / scores.length
const kinds = faultKinds.map((kind) => {
  const of = (score: FaultScore) => score.byKind[kind]
  const caught = sum(faulty, (score) => of(score).caught) / sum(faulty, (score) => of(score).faults)
  return { kind, caught, seconds: mean(faulty, (score) => of(score).medianSecondsToCatch) }
})
const result = {
  sensors,
  seeds,
  healthy_sensor_hours: Math.round(seeds * machines * metrics.length * ((minutes(30) + watched) / hours(1))),
  episodes_per_minute_healthy:
    (mean(healthy, ({ falseAlarmsPerMinute }) => falseAlarmsPerMinute) * sensors) /
    (machines * metrics.length),
  fault_scale: faultScale,
  faults: sum(faulty, ({ faults }) => faults),
  caught_ratio: sum(faulty, ({ caught }) => caught) / sum(faulty, ({ faults }) => faults),
  caught_by_kind: Object.fromEntries(kinds.map(({ kind, caught }) => [kind, caught])),
  median_seconds_to_catch: mean(faulty, ({ medianSecondsToCatch }) => medianSecondsToCatch),
  median_seconds_by_kind: Object.fromEntries(kinds.map(({ kind, seconds }) => [kind, seconds])),
}
const holds = result.episodes_per_minute_healthy <= 1 && result.caught_ratio >= 0.95
if (flags.json) console.log(JSON.stringify({ ...result, holds }))
else console.log({ ...result, holds })
if (!holds) process.exitCode = 1
