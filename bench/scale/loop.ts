import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { decodeStateRow, encodeStateRow } from '../../lib/state/rows/state-row.ts'
import type { StateWrite } from '../../lib/state/store.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import { type Sensor, take } from '../engine/loop.ts'
import { ResultHash } from '../engine/samples.ts'
import { residentLimit } from './fleet.ts'
import { cpuMicros, report } from './process-figures.ts'
import { isBusy, nameOf, readings, skewed } from './traffic.ts'

/**
 * `DEVICES READINGS FOLDER`: the same sums for the same skewed traffic in the plainest loop, a Map in front
 * of one row for each device. It has no journal, and is told who is busy: only the others ever leave and are
 * saved.
 */
const [devices, total, folder = '.'] = process.argv.slice(2)
const [count, measured] = [Number(devices), Number(total)]
const store = lmdbStore(folder)
const sensors = new Map<string, Sensor>()
const hash = new ResultHash()
/** Names of those who leave again, the oldest first. */
const guests = new Set<string>()
const savedAtATime = 2_000
let leaving: StateWrite[] = []
let fetches = 0

const row = { stage: 'loop', step: 'sums', subkey: '' }

async function fill(): Promise<void> {
  const sensor = { latest: 0, count: 1, mean: 20.5, m2: 0, deviations: 0, minutes: [] }
  for (let which = 0; which < count; which++) {
    leave(nameOf(which), sensor)
    if (leaving.length >= 10 * savedAtATime) await save()
  }
  await save()
}

function fetch(name: string): Sensor {
  fetches++
  const [saved] = store.readActor(row.stage, name).states
  return decodeStateRow(saved!.bytes, store.shapes).state as Sensor
}

function leave(name: string, state: Sensor): void {
  const bytes = encodeStateRow({ version: 1, state }, store.shapes)
  leaving.push({ ...row, actor: name, bytes })
}

function makeRoom(): void {
  for (const name of guests) {
    if (sensors.size <= residentLimit) return
    leave(name, sensors.get(name)!)
    guests.delete(name)
    sensors.delete(name)
  }
}

async function run(rounds: number): Promise<void> {
  for (let index = 0; index < rounds; index++) {
    const sample = next()
    if (!sensors.has(sample.sensor)) {
      sensors.set(sample.sensor, fetch(sample.sensor))
      if (!isBusy(sample.sensor)) guests.add(sample.sensor)
    }
    take(sensors, sample, hash)
    makeRoom()
    if (leaving.length >= savedAtATime) await save()
  }
  await save()
}

function save(): Promise<void> {
  const states = leaving
  leaving = []
  return store.checkpoint({ states })
}

const next = readings(skewed(count, 2), systemClock.now, 2)
await fill()
await run(measured / 2)
const [before, cpu] = [fetches, cpuMicros()]
await run(measured)
report({
  devices: count,
  fetches_per_reading: Number(((fetches - before) / measured).toFixed(3)),
  cpu_us_per_reading: Number(((cpuMicros() - cpu) / measured).toFixed(2)),
})
