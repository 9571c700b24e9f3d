import { expect, test } from 'vitest'
import { watchedDevice } from '../bench/watched-device.ts'
import { hours, minutes, seconds } from '../lib/time/duration.ts'
import { metrics } from '../simulators/metric.ts'
import { type PlantOptions, plant } from '../simulators/plant.ts'
import { type Sighting, scoreFaults } from '../simulators/score-faults.ts'
import { simulatePlant } from '../simulators/simulate-plant.ts'

const never = Number.POSITIVE_INFINITY
const start = Date.UTC(2026, 0, 5, 6)

function watch(options: Omit<PlantOptions, 'start'>) {
  const scene = plant({ start, badClockEvery: never, ...options })
  const found: Sighting[] = []
  let now = start
  const devices = scene.devices.map((device) =>
    watchedDevice(device, (anomaly) => found.push({ anomaly, at: now })),
  )
  for (const { at, machine, device, time, values } of simulatePlant(scene)) {
    now = at
    for (const [index, { name }] of metrics.entries()) {
      devices[machine]!({ device, metric: name, value: values[index]!, time }, at)
    }
  }
  return { scene, found }
}

test('the default behavior catches the faults of a plant, of every kind', { timeout: 60_000 }, () => {
  const { scene, found } = watch({
    machines: 60,
    duration: hours(1.5),
    faultEvery: seconds(20),
    outageEvery: never,
  })
  const from = start + minutes(30)
  const score = scoreFaults(scene.faults, found, { from, until: start + hours(1.5) })
  expect(score.faults).toBeGreaterThan(80)
  expect(score.caughtRatio).toBeGreaterThanOrEqual(0.95)
  expect(score.medianSecondsToCatch).toBeLessThan(30)
  for (const { faults, caught } of Object.values(score.byKind)) {
    expect(caught / faults).toBeGreaterThan(0.8)
  }
})

test('the default behavior leaves healthy machines alone, outages included', { timeout: 60_000 }, () => {
  const { found } = watch({
    machines: 100,
    duration: hours(1.5),
    faultEvery: never,
    outageEvery: minutes(15),
  })
  // One a minute over 10,000 sensors is 3.6 in the 90 minutes of these 400.
  expect(found.filter(({ anomaly }) => anomaly.phase === 'opened').length).toBeLessThanOrEqual(3)
})
