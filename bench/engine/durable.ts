import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { EngineFeed } from './feed.ts'
import { runLoop } from './loop.ts'
import { sensorNames } from './samples.ts'

/** `DEVICES NUMBERS SAMPLES FOLDER`: the loop and then the engine over the same samples, as one JSON line. */
const [devices, numbers, samples, folder = '.'] = process.argv.slice(2)
const names = sensorNames(Number(devices))
const padding = Number(numbers)
const total = Number(samples)

const bytesWritten = (): number =>
  Number(/write_bytes: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])

/** CPU seconds of the main thread alone, in ticks of 10 ms: fields 14 and 15 of its stat file. */
function mainThreadSeconds(): number {
  const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const loop = runLoop(names, total)
const path = mkdtempSync(join(folder, 'engine-'))
const store = lmdbStore(path)
const feed = new EngineFeed(store, padding)
// States are made and code is compiled before it counts, as in a plant that has been running for a while.
const warmUp = Math.min(total / 2, Math.max(200_000, 2 * names.length))
await feed.send(names, 0, warmUp)
const written = bytesWritten()
const cpuBefore = process.cpuUsage()
const mainBefore = mainThreadSeconds()
const begun = performance.now()
await feed.send(names, warmUp, total)
const seconds = (performance.now() - begun) / 1_000
const cpu = process.cpuUsage(cpuBefore)
const mainThread = mainThreadSeconds() - mainBefore
const counted = total - warmUp
const bytesPerReading = (bytesWritten() - written) / counted
await feed.close(names, total)
const hash = feed.hash.words
await feed.complete()
await store.close()
rmSync(path, { recursive: true })
process.stdout.write(
  `${JSON.stringify({
    devices: names.length,
    state_numbers: padding,
    durable_per_second: Math.round(counted / seconds),
    loop_per_second: Math.round(loop.perSecond),
    cpu_us_per_reading: Number(((cpu.user + cpu.system) / counted).toFixed(2)),
    main_thread_us_per_reading: Number(((mainThread * 1e6) / counted).toFixed(2)),
    bytes_written_per_reading: Math.round(bytesPerReading),
    hash,
    loop_hash: loop.hash,
    minutes_compared: feed.hash.results,
    same_result: hash === loop.hash && feed.hash.results >= names.length,
  })}\n`,
  // A dependency of lmdb keeps a timer for a minute.
  () => process.exit(),
)
