import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { EngineFeed } from './feed.ts'
import { sensorNames } from './samples.ts'

/**
 * `DEVICES NUMBERS FOLDER`: feeds the store in FOLDER until it is killed, and prints what was acknowledged.
 */
const [devices, numbers, folder = '.'] = process.argv.slice(2)
const names = sensorNames(Number(devices))
const feed = new EngineFeed(lmdbStore(folder), Number(numbers))
const portion = 100_000
for (let from = 0; ; from += portion) {
  await feed.send(names, from, from + portion)
  process.stdout.write(`${JSON.stringify({ acknowledged: feed.acknowledged })}\n`)
}
