import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { type HourFigures, hasLevelledOff, storeGrowth } from './scale/level.ts'

// A million devices of which memory holds one in twenty. docs/benchmarks.md explains the figures.
const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    devices: { type: 'string', default: '1000000' },
    /** Readings measured at each number of devices. */
    readings: { type: 'string', default: '400000' },
    /** Readings in the simulated hour. */
    hourly: { type: 'string', default: '1200000' },
    /** Where the stores are made: the disk that is measured. */
    folder: { type: 'string', default: tmpdir() },
  },
})
const devices = Number(flags.devices)
const readings = Number(flags.readings)
const mostGrowthOfCost = 2
const mostMsToFirstReading = 2_000
/** Acknowledged before the kill: enough for a journal with a tail. */
const readingsUntilKilled = 200_000

const run = promisify(execFile)
/** Those that the command runs with. */
const heapFlags = ['--max-semi-space-size=64']
const folder = mkdtempSync(join(flags.folder, 'tidemark-scale-'))
const program = (name: string): string => fileURLToPath(new URL(`./scale/${name}.js`, import.meta.url))
const progress = (words: string): void => void process.stderr.write(`${words}\n`)

async function measure<Figures extends object>(name: string, ...args: (string | number)[]): Promise<Figures> {
  const running = run(process.execPath, [...heapFlags, program(name), ...args.map(String)])
  running.child.stderr?.pipe(process.stderr)
  const { stdout } = await running
  progress(`${name} ${stdout.trim()}`)
  return JSON.parse(stdout) as Figures
}

/** Runs skewed traffic on the store in `path` and kills its process in the middle. */
async function loadAndKill(path: string): Promise<void> {
  const child = spawn(process.execPath, [...heapFlags, program('until-killed'), `${devices}`, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    if ((JSON.parse(line) as { acknowledged: number }).acknowledged >= readingsUntilKilled) break
  }
  child.kill('SIGKILL')
  await exited
}

interface Speed {
  readonly devices: number
  readonly cpu_us_per_reading: number
}

/** What a reading of the most devices costs beside one of the fewest. */
function growthOf(speeds: readonly Speed[]): { readonly times: number; readonly added_us: number } {
  const [fewest, most] = [speeds[0]!.cpu_us_per_reading, speeds.at(-1)!.cpu_us_per_reading]
  return { times: Number((most / fewest).toFixed(3)), added_us: Number((most - fewest).toFixed(2)) }
}

/** What a loop over a Map and LMDB takes for the same traffic. */
async function loop(count: number): Promise<Speed> {
  const path = join(folder, `loop-${count}`)
  mkdirSync(path)
  const speed = await measure<Speed>('loop', count, readings, path)
  rmSync(path, { recursive: true })
  return speed
}

const filled = join(folder, 'all')
const skewed: Speed[] = []
for (const count of [devices / 1_000, devices / 100, devices / 10, devices]) {
  const path = count === devices ? filled : join(folder, `${count}`)
  mkdirSync(path)
  await measure('fill', count, path)
  skewed.push(await measure<Speed>('full-speed', 'skewed', count, readings, path))
}
const plain = [await loop(devices / 1_000), await loop(devices)]
const roundRobin = await measure<Speed>('full-speed', 'round-robin', devices, readings / 2, filled)
await loadAndKill(filled)
const restart = await measure<{ first_reading_ms: number }>('restart', devices, filled)
const hour = await measure<HourFigures>('hour', devices, flags.hourly, filled)
rmSync(folder, { recursive: true })

const growth = growthOf(skewed)
const bounds = {
  cost_grows_at_most_2_times: growth.times <= mostGrowthOfCost,
  first_reading_within_2_s: restart.first_reading_ms < mostMsToFirstReading,
  store_levels_off: hasLevelledOff(hour),
  ticks_are_limited: hour.most_ticks_in_a_simulated_second <= hour.ticks_per_second_at_most,
}
const holds = Object.values(bounds).every(Boolean)
const result = {
  devices,
  skewed,
  cost_growth: growth,
  loop: plain,
  loop_cost_growth: growthOf(plain),
  round_robin: roundRobin,
  restart,
  hour,
  store_growth_in_last_half_hour: storeGrowth(hour),
  bounds,
  holds,
}
process.stdout.write(`${JSON.stringify(result, undefined, flags.json ? 0 : 2)}\n`)
process.exitCode = holds ? 0 : 1
