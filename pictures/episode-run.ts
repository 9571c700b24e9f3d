import { watchedDevice } from '../bench/watched-device.ts'
import type { Anomaly } from '../devices/wire/anomaly.ts'
import { minutes, seconds } from '../lib/time/duration.ts'
import { metrics } from '../simulators/metric.ts'
import { plant } from '../simulators/plant.ts'
import { simulatePlant } from '../simulators/simulate-plant.ts'

const metric = 'vibration'
const never = Number.POSITIVE_INFINITY
const start = Date.UTC(2026, 0, 5, 9)

const healthy = plant({
  ...{ seed: 14, start, machines: 1, duration: minutes(25), healthyFor: minutes(20) },
  ...{ faultEvery: never, outageEvery: never, badClockEvery: never, burst: true },
})
const device = healthy.devices[0]!

/** What is wrong in the run: away by four standard deviations, for two and a half minutes. */
export const fault = {
  ...{ device, metric, kind: 'shift' as const, size: 4 },
  ...{ start: start + minutes(20), end: start + minutes(20) + seconds(150) },
}

/** A report, and the moment at which it was published. */
export interface Published {
  readonly at: number
  readonly anomaly: Anomaly
}

/** One simulated machine, watched by the default behavior: its readings, and what is reported. */
export const episodeRun = () => {
  const readings: { readonly time: number; readonly value: number }[] = []
  const published: Published[] = []
  let now = start
  const take = watchedDevice(device, (anomaly) => published.push({ at: now, anomaly }))
  for (const { at, time, values } of simulatePlant({ ...healthy, faults: [fault] })) {
    now = at
    for (const [index, { name }] of metrics.entries()) {
      const value = values[index]!
      take({ device, metric: name, value, time }, at)
      if (name === metric) readings.push({ time, value })
    }
  }
  const isOurs = ({ anomaly }: Published): boolean =>
    anomaly.metric === metric && anomaly.detector === 'reading' && anomaly.since >= fault.start - minutes(1)
  return { readings, published: published.filter(isOurs) }
}
