import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defaultPace } from '../../lib/actors/commit/pace.ts'
import { sessionOf } from '../../lib/actors/session.ts'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import type { Output } from '../../lib/time/output.ts'
import type { ClockTurn } from '../../lib/time/turn.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import { benchSteps } from './behavior.ts'
import { EngineFeed } from './feed.ts'
import { sampleAt, sensorNames } from './samples.ts'

/** `DEVICES FOLDER`: heap of resident actors, and how much of it their states and keys would take alone. */
const [devices, folder = '.'] = process.argv.slice(2)
const names = sensorNames(Number(devices))
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const heapAfterCollection = (): number => {
  collect()
  return process.memoryUsage().heapUsed
}

const silent: Output<unknown> = { emit() {}, to() {} }
const turn: ClockTurn = {
  key: '',
  subkey: '',
  watermark: Number.NEGATIVE_INFINITY,
  arrival: Number.POSITIVE_INFINITY,
  advance() {},
}

/** The states of `names` after one sample each, in a Map and nothing else. */
function bareStates(): Map<string, unknown> {
  const { time, watch } = benchSteps(0)
  return new Map(
    names.map((name, index) => {
      const states = { time: time.create(), watch: watch.create() }
      const sample = sampleAt(names, index)
      time.onEvent(states.time, sample, silent, turn)
      watch.onEvent(states.watch, sample, silent, turn)
      return [name, states]
    }),
  )
}

const path = mkdtempSync(join(folder, 'engine-'))
const store = lmdbStore(path)
const feed = new EngineFeed(store, 0)
const session = sessionOf(store, systemClock, defaultPace)
await feed.send(sensorNames(1), 0, 1)
await session.settle()
const before = heapAfterCollection()
await feed.send(names, 0, names.length)
await session.settle()
const withActors = heapAfterCollection()
const states = bareStates()
const withStates = heapAfterCollection()
const perActor = (withActors - before) / names.length
const perState = (withStates - withActors) / states.size
await feed.complete()
await store.close()
rmSync(path, { recursive: true })
process.stdout.write(
  `${JSON.stringify({
    heap_bytes_per_actor: Math.round(perActor),
    of_which_state_bytes: Math.round(perState),
    overhead_bytes_per_actor: Math.round(perActor - perState),
  })}\n`,
  // A dependency of lmdb keeps a timer for a minute.
  () => process.exit(),
)
