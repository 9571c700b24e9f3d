import { dataBytes } from '../../lib/state/environment/data-file.ts'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { virtualClock } from '../../lib/testing/virtual-clock.ts'
import { hours, milliseconds, minutes, seconds } from '../../lib/time/duration.ts'
import { Fleet } from './fleet.ts'
import { cpuMicros, memory, report } from './process-figures.ts'
import { readings, skewed } from './traffic.ts'

/**
 * `DEVICES READINGS FOLDER`: an hour of wall time that is simulated, with skewed traffic. It begins when all
 * devices of the store have been silent for a minute at once, as after a power cut on site.
 */
const [devices, total, folder = '.'] = process.argv.slice(2)
const step = milliseconds(500)
const steps = hours(1) / step
const perStep = Number(total) / steps
const sampleEvery = minutes(3) / step
const ticksPerSecond = 5_000
const clock = virtualClock(Date.now() + minutes(1))
const store = lmdbStore(folder)
const fleet = new Fleet(store, clock, ticksPerSecond, { commitSpacing: 0 })
const next = readings(skewed(Number(devices), 5), clock.now, 5)
const samples: { minute: number; store_mb: number; rss_mb: number; own_mb: number; ticks: number }[] = []
const sample = (minute: number): void => {
  const { ticks } = fleet
  samples.push({ minute, store_mb: Math.round(dataBytes(folder) / 2 ** 20), ...memory(), ticks })
  process.stderr.write(`${JSON.stringify(samples.at(-1))}\n`)
}

/** Time that is simulated stands still while the disk needs real time. */
async function disk(): Promise<void> {
  await new Promise((resume) => setTimeout(resume, 1))
  clock.advance(0)
}

const cpu = cpuMicros()
const begun = performance.now()
let mostTicks = 0
let ticksBefore = 0
for (let index = 0; index < steps; index++) {
  if (index % sampleEvery === 0) sample((index * step) / minutes(1))
  await fleet.send(Math.floor((index + 1) * perStep) - Math.floor(index * perStep), next)
  clock.advance(step)
  fleet.beat()
  while (fleet.beatsWaiting > 2) await disk()
  if (index % (seconds(1) / step) === 1) {
    mostTicks = Math.max(mostTicks, fleet.ticks - ticksBefore)
    ticksBefore = fleet.ticks
  }
}
sample(60)
const elapsed = (performance.now() - begun) / 1_000
report({
  readings: Number(total),
  readings_per_second: Math.round(Number(total) / elapsed),
  wakes_per_second: Math.round(fleet.wakes / elapsed),
  ticks: fleet.ticks,
  ticks_per_second_at_most: ticksPerSecond,
  most_ticks_in_a_simulated_second: mostTicks,
  simulated_speed: Math.round(3_600 / elapsed),
  cpu_us_per_wake_or_reading: Number(((cpuMicros() - cpu) / (Number(total) + fleet.wakes)).toFixed(2)),
  samples,
})
