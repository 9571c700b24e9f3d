import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import { Fleet } from './fleet.ts'
import { readings, skewed } from './traffic.ts'

/** `DEVICES FOLDER`: skewed traffic until it is killed. Prints what was acknowledged. */
const [devices, folder = '.'] = process.argv.slice(2)
const fleet = new Fleet(lmdbStore(folder), systemClock, 1)
const next = readings(skewed(Number(devices), 3), systemClock.now, 3)
for (;;) {
  await fleet.send(20_000, next)
  process.stdout.write(`${JSON.stringify({ acknowledged: fleet.acknowledged })}\n`)
}
