import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    samples: { type: 'string', default: '3000000' },
    /** Where the stores are made: the disk that is measured. */
    folder: { type: 'string', default: tmpdir() },
    rounds: { type: 'string', default: '3' },
  },
})

const run = promisify(execFile)
/** Those that the command runs with. */
const heapFlags = ['--max-semi-space-size=64']
const folder = mkdtempSync(join(flags.folder, 'tidemark-bench-'))
const program = (name: string): string => fileURLToPath(new URL(`./engine/${name}.js`, import.meta.url))
const progress = (words: string): void => void process.stderr.write(`${words}\n`)

async function measure(
  name: string,
  ...args: (string | number)[]
): Promise<Record<string, number | boolean | string>> {
  const { stdout } = await run(process.execPath, [...heapFlags, program(name), ...args.map(String)])
  return JSON.parse(stdout) as Record<string, number | boolean | string>
}

/** The run with the median rate: single runs on a shared machine say little. */
async function durable(devices: number, numbers: number): Promise<Record<string, number | boolean | string>> {
  const rounds = []
  for (let round = 0; round < Number(flags.rounds); round++) {
    rounds.push(await measure('durable', devices, numbers, flags.samples, folder))
  }
  rounds.sort((a, b) => Number(a['durable_per_second']) - Number(b['durable_per_second']))
  return rounds[Math.floor(rounds.length / 2)]!
}

/** Fills a store for as long as it takes to acknowledge `samples`, and kills the process in the middle. */
async function fillAndKill(devices: number, numbers: number, samples: number, path: string): Promise<void> {
  mkdirSync(path)
  const filler: ChildProcess = spawn(
    process.execPath,
    [...heapFlags, program('fill'), `${devices}`, `${numbers}`, path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const exited = new Promise((resolve) => filler.once('exit', resolve))
  for await (const line of createInterface({ input: filler.stdout! })) {
    if ((JSON.parse(line) as { acknowledged: number }).acknowledged >= samples) break
  }
  filler.kill('SIGKILL')
  await exited
}

const rates = []
for (const [devices, numbers] of [
  [1_000, 0],
  [10_000, 0],
  [100_000, 0],
  [1_000, 800],
  [10_000, 800],
  [100_000, 800],
] as const) {
  const rate = await durable(devices, numbers)
  progress(JSON.stringify(rate))
  rates.push(rate)
}
const heap = await measure('heap', 50_000, folder)
progress(JSON.stringify(heap))
const restarts = []
for (const devices of [10_000, 100_000]) {
  const path = join(folder, `killed-${devices}`)
  await fillAndKill(devices, 0, 1_500_000, path)
  const restart = { devices, ...(await measure('restart', devices, 0, path)) }
  progress(JSON.stringify(restart))
  restarts.push(restart)
}
rmSync(folder, { recursive: true })

const holds =
  rates.every((rate) => rate['same_result']) &&
  rates.every((rate) => rate['devices'] !== 10_000 || Number(rate['durable_per_second']) >= 300_000) &&
  Number(heap['overhead_bytes_per_actor']) <= 3_000 &&
  restarts.every((restart) => Number((restart as Record<string, unknown>)['first_reading_ms']) < 2_000)
const result = { rates, heap, restarts, samples: Number(flags.samples), holds }
process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `${holds ? 'holds' : 'does not hold'}\n`)
process.exitCode = holds ? 0 : 1
