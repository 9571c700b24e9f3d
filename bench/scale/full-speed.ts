import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import { Fleet } from './fleet.ts'
import { cpuMicros, memory, report } from './process-figures.ts'
import { readings, roundRobin, skewed } from './traffic.ts'

/** `TRAFFIC DEVICES READINGS FOLDER`: as many readings as it takes, once memory holds whom it will hold. */
const [traffic, devices, total, folder = '.'] = process.argv.slice(2)
const [count, measured] = [Number(devices), Number(total)]
const store = lmdbStore(folder)
const fleet = new Fleet(store, systemClock, 1)
const next = readings(traffic === 'skewed' ? skewed(count, 2) : roundRobin(count), systemClock.now, 2)
await fleet.send(measured / 2, next)
await fleet.acknowledgedAll()
const { wakes } = fleet
const cpu = cpuMicros()
const begun = performance.now()
await fleet.send(measured, next)
await fleet.acknowledgedAll()
const seconds = (performance.now() - begun) / 1_000
const figures = {
  traffic,
  devices: count,
  readings_per_second: Math.round(measured / seconds),
  wakes_per_second: Math.round((fleet.wakes - wakes) / seconds),
  cpu_us_per_reading: Number(((cpuMicros() - cpu) / measured).toFixed(2)),
  ...memory(),
}
await fleet.stop()
await store.close()
report(figures)
