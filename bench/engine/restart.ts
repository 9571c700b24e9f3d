import { defaultPace } from '../../lib/actors/commit/pace.ts'
import { sessionOf } from '../../lib/actors/session.ts'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import { EngineFeed } from './feed.ts'
import { sensorNames } from './samples.ts'

/**
 * `DEVICES NUMBERS FOLDER`: opens a store that a kill left behind. Times count from the start of the process.
 */
const [devices, numbers, folder = '.'] = process.argv.slice(2)
const sinceStart = (): number => Math.round(performance.now())

const store = lmdbStore(folder)
const opened = sinceStart()
const feed = new EngineFeed(store, Number(numbers))
const session = sessionOf(store, systemClock, defaultPace)
const tail = session.tail.length
await feed.send(sensorNames(Number(devices)), 0, 1)
const firstReading = sinceStart()
while (session.isReplaying) await new Promise((resume) => setImmediate(resume))
const replayed = sinceStart()
await feed.complete()
await store.close()
process.stdout.write(
  `${JSON.stringify({
    opened_ms: opened,
    first_reading_ms: firstReading,
    tail_entries: tail,
    tail_replayed_ms: replayed,
  })}\n`,
  // A dependency of lmdb keeps a timer for a minute.
  () => process.exit(),
)
