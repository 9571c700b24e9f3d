import { dataBytes } from '../../lib/state/environment/data-file.ts'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import { Fleet } from './fleet.ts'
import { memory, report } from './process-figures.ts'
import { readings, roundRobin } from './traffic.ts'

/** `DEVICES FOLDER`: one reading of every device into a new store, which is closed in order. */
const [devices, folder = '.'] = process.argv.slice(2)
const count = Number(devices)
const store = lmdbStore(folder)
const fleet = new Fleet(store, systemClock, 1)
const begun = performance.now()
await fleet.send(count, readings(roundRobin(count), systemClock.now, 1))
await fleet.stop()
const seconds = (performance.now() - begun) / 1_000
await store.close()
report({
  devices: count,
  new_devices_per_second: Math.round(count / seconds),
  store_mb: Math.round(dataBytes(folder) / 2 ** 20),
  ...memory(),
})
