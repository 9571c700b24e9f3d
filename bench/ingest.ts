import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BrokerProcess } from './ingest/broker-process.ts'
import { pinLoad } from './ingest/cores.ts'
import { Load } from './ingest/load.ts'
import { type Turn, turnOf } from './ingest/turn.ts'

// QoS 1 publishes acknowledged by tidemark with everything on, beside Aedes that only acknowledges: the same
// load, in turns. docs/benchmarks.md explains the figures.
const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    clients: { type: 'string', default: '50' },
    window: { type: 'string', default: '200' },
    devices: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
    /** Where the store is made: the disk that counts. */
    folder: { type: 'string', default: tmpdir() },
  },
})
const [clients, window, devices] = [Number(flags.clients), Number(flags.window), Number(flags.devices)]
const folder = mkdtempSync(join(flags.folder, 'tidemark-ingest-'))
const leastRatio = 0.95
/** Until as much waits for the watermark, half a minute behind, as will wait from then on. */
const warmUpMs = 40_000
const leastBusy = 0.95
const progress = (words: string): void => void process.stderr.write(`${words}\n`)
const round = (value: number, digits = 0): number => Number(value.toFixed(digits))

const median = (turns: readonly Turn[], of: (turn: Turn) => number): number => {
  const sorted = turns.map(of).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
const summaryOf = (turns: readonly Turn[]) => ({
  acks_per_second: round(median(turns, (turn) => turn.acksPerSecond)),
  cpu_us_per_ack: round(
    median(turns, (turn) => turn.cpuMicrosPerAck),
    2,
  ),
  core_busy: round(
    median(turns, (turn) => turn.coreBusy),
    3,
  ),
  written_bytes_per_ack: round(median(turns, ({ writtenBytesPerAck }) => writtenBytesPerAck ?? Number.NaN)),
})

const bare = await BrokerProcess.start('bare-aedes')
const tidemark = await BrokerProcess.start('tidemark', { args: [folder] })
const loadOn = ({ port }: BrokerProcess): Promise<Load> => Load.open({ port, clients, devices, values: 40 })
const loads = { bare: await loadOn(bare), tidemark: await loadOn(tidemark) }
for (const broker of [bare, tidemark]) broker.pause()
pinLoad()
const turns = { bare: [] as Turn[], tidemark: [] as Turn[] }
for (let count = -1; count < Number(flags.rounds); count++) {
  for (const [name, broker] of [
    ['tidemark', tidemark],
    ['bare', bare],
  ] as const) {
    const turn = await turnOf(broker, loads[name], {
      window,
      warmUpMs: count < 0 ? warmUpMs : 1_500,
      measureMs: Number(flags.seconds) * 1_000,
    })
    progress(`${count < 0 ? 'warm-up' : `round ${count + 1}`} ${name} ${JSON.stringify(summaryOf([turn]))}`)
    if (count >= 0) turns[name].push(turn)
  }
}
const measured = { tidemark: summaryOf(turns.tidemark), bare_aedes: summaryOf(turns.bare) }
for (const load of Object.values(loads)) load.close()
await tidemark.stop()
await bare.stop()

const ratio = round(measured.tidemark.acks_per_second / measured.bare_aedes.acks_per_second, 3)
const busy = Math.min(measured.tidemark.core_busy, measured.bare_aedes.core_busy)
const isVoid = busy < leastBusy
const result = {
  payload: `${loads.tidemark.sample} (${loads.tidemark.packetBytes} bytes a packet), QoS 1`,
  clients,
  window,
  devices,
  file_system: fileSystem(folder),
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`,
  ...measured,
  cores: bare.isPinned && tidemark.isPinned ? 'one for the broker, the others for the load' : 'shared',
  cpu_includes: 'the whole process: garbage collector, LMDB writer and libuv threads',
  ratio,
  void: isVoid,
  ok: !isVoid && ratio >= leastRatio,
}
rmSync(folder, { recursive: true, force: true })
if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`)
else process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`)
process.exitCode = result.ok ? 0 : 1

/** By the number that the kernel gives it. */
function fileSystem(path: string): string {
  const { type } = statfsSync(path)
  return (
    { 61267: 'ext2/3/4', 1481003842: 'xfs', 2435016766: 'btrfs', 16914836: 'tmpfs', 26: 'apfs' }[type] ??
    `0x${type.toString(16)}`
  )
}
