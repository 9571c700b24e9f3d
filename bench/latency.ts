import { cpus, tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { pinLoad } from './ingest/cores.ts'
import { type Figures, measureRow } from './latency/measure-row.ts'
import { type Bounds, rows } from './latency/rows.ts'

// From PUBLISH to the anomaly at a NATS subscriber, at the loads that people run, and what that costs; beside
// Aedes that only acknowledges, under the same load. docs/benchmarks.md explains the figures.
const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    seconds: { type: 'string', default: '40' },
    /** Until as much waits for the watermark, half a minute behind, as will wait from then on. */
    'warm-up': { type: 'string', default: '35' },
    'without-bare': { type: 'boolean', default: false },
    /** Where the store is made: the disk that counts. */
    folder: { type: 'string', default: tmpdir() },
  },
})
const progress = (line: string): void => void process.stderr.write(`${line}\n`)
const names = rows.map(({ name }) => name)
const unknown = flags.only.find((name) => !names.includes(name))
if (unknown !== undefined) throw new Error(`--only ${unknown}: known are ${names.join(', ')}`)
const [seconds, warmUpSeconds] = [Number(flags.seconds), Number(flags['warm-up'])]
const options = { seconds, warmUpSeconds, folder: flags.folder, progress }
/** Aedes keeps nothing, so a short look at it is enough. */
const bareOptions = { ...options, seconds: Math.min(seconds, 10), warmUpSeconds: Math.min(warmUpSeconds, 3) }

const within = (figures: Figures, bounds: Bounds): boolean =>
  (bounds.p99_ms === undefined || figures.anomaly_ms!.p99 <= bounds.p99_ms) &&
  (bounds.cpu_us_per_publish === undefined || figures.cpu_us_per_publish <= bounds.cpu_us_per_publish) &&
  (bounds.mb_per_minute === undefined || (figures.mb_per_minute ?? 0) <= bounds.mb_per_minute)

const measured = []
for (const row of rows.filter(({ name }) => flags.only.length === 0 || flags.only.includes(name))) {
  const { name, perSecond, onOneCore, bounds, aims } = row
  if (onOneCore) pinLoad()
  const tidemark = await measureRow(row, 'tidemark', options)
  const bare = flags['without-bare'] ? null : await measureRow(row, 'bare-aedes', bareOptions)
  measured.push({
    row: name,
    load: { publishes_per_second: perSecond, cores: onOneCore ? 'one for the broker' : 'shared' },
    ...tidemark,
    bare_aedes: bare && { puback_ms: bare.puback_ms, cpu_us_per_publish: bare.cpu_us_per_publish },
    bounds,
    holds: within(tidemark, bounds),
    aims,
    reaches_aims: within(tidemark, aims),
  })
}
const result = {
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`,
  seconds,
  rows: measured,
  holds: measured.every(({ holds }) => holds),
}
process.stdout.write(`${JSON.stringify(result, undefined, flags.json ? undefined : 2)}\n`)
process.exitCode = result.holds ? 0 : 1
