import { defaultPace } from '../../lib/actors/commit/pace.ts'
import { sessionOf } from '../../lib/actors/session.ts'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import { Fleet, residentLimit } from './fleet.ts'
import { memory, report } from './process-figures.ts'
import { readings, skewed } from './traffic.ts'

/** `DEVICES FOLDER`: opens a store that a kill left behind. Times count from the start of the process. */
const [devices, folder = '.'] = process.argv.slice(2)
const sinceStart = (): number => Math.round(performance.now())

const store = lmdbStore(folder)
const opened = sinceStart()
const fleet = new Fleet(store, systemClock, 1)
const session = sessionOf(store, systemClock, defaultPace)
const tail = session.tail.length
await fleet.send(1, readings(skewed(Number(devices), 4), systemClock.now, 4))
await fleet.acknowledgedAll()
const firstReading = sinceStart()
while (session.isReplaying) await new Promise((resume) => setImmediate(resume))
const replayed = sinceStart()
await fleet.stop()
await store.close()
report({
  opened_ms: opened,
  first_reading_ms: firstReading,
  tail_entries: tail,
  tail_replayed_ms: replayed,
  resident_limit: residentLimit,
  ...memory(),
})
