import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startNatsServer } from '../support/nats-server.ts'
import { compareNumbers, numbersInStream } from './outage/numbers-in-stream.ts'
import type { PipelineCommand, PipelineProgress } from './outage/progress.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    rate: { type: 'string', default: '500' },
    json: { type: 'boolean', default: false },
  },
})
const minutes = Number(values.minutes)
const rate = Number(values.rate)
if (!(minutes > 0 && rate > 0))
  throw new Error(`--minutes ${values.minutes} --rate ${values.rate}: both above 0`)

const say = (line: string): void => {
  if (!values.json) console.error(line)
}
const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1_000))

// The real window of two minutes as soon as the outage is longer than that; else half of the outage.
const duplicateWindow = minutes > 2 ? 120_000 : Math.max(100, (minutes * 60_000) / 2)
const folder = mkdtempSync(join(tmpdir(), 'tidemark-outage-'))
const server = await startNatsServer()
const module = new URL(`./outage/pipeline${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
const child = fork(module, [server.address, folder, `${rate}`, `${duplicateWindow}`], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  // V8 grows its young generation up to 48 MB under load, whatever the program holds: not what is measured.
  execArgv: [...process.execArgv, '--max-semi-space-size=2'],
})
let ended = false
const exited = new Promise<void>((resolve) => {
  child.once('exit', () => {
    ended = true
    resolve()
  })
})
let progress: PipelineProgress = { written: 0, published: 0, anonymousMegabytes: 0, reports: [], shown: 0 }
let peak = 0
child.on('message', (message) => {
  progress = message as PipelineProgress
  peak = Math.max(peak, progress.anonymousMegabytes)
})
const tell = (command: PipelineCommand): void => void child.send(command)
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) {
    if (ended) throw new Error('the pipeline ended before its time')
    await pause(0.005)
  }
}
/** Resolves when `progress` is as it is now, not as it was when the pipeline last reported. */
const upToDate = async (): Promise<void> => {
  const { shown } = progress
  tell('show')
  await until(() => progress.shown > shown)
}
const allPublished = (): boolean => progress.written > 0 && progress.published >= progress.written

try {
  say(`${rate}/s while NATS is up`)
  await until(() => progress.published > 0)
  await pause(Math.min(15, minutes * 10))
  const before = progress.anonymousMegabytes
  peak = before

  say(`NATS stopped for ${minutes} minutes, duplicate window ${duplicateWindow / 1_000} s`)
  await server.stop()
  await pause(minutes * 60)
  const backlog = progress.written - progress.published
  say(`${backlog} rows wait; ${Math.round(peak - before)} MB more than before; NATS starts`)

  const drainedFrom = progress.published
  const start = Date.now()
  await server.start()
  await until(() => progress.published > drainedFrom + backlog / 2)
  await server.kill()
  say('NATS killed half way, and started again')
  await server.start()
  await until(() => progress.published >= drainedFrom + backlog)
  const drained = (progress.published - drainedFrom) / ((Date.now() - start) / 1_000)

  tell('pause')
  await upToDate()
  await until(allPublished)
  const outage = compareNumbers(await numbersInStream(server.address, 'outage'), 1, progress.written)
  say(`drained at ${Math.round(drained)}/s: ${outage.lost} lost, ${outage.duplicates} duplicates`)

  tell('resume')
  await pause(2)
  await server.stop()
  await pause(0.5)
  await upToDate()
  const confirmed = progress.published
  server.wipe()
  await pause(3)
  say(`all that NATS had is wiped; ${progress.written - confirmed} rows were not confirmed`)
  await server.start()
  await pause(2)
  tell('pause')
  await upToDate()
  await until(allPublished)
  const wiped = compareNumbers(
    await numbersInStream(server.address, 'outage'),
    confirmed + 1,
    progress.written,
  )
  const wipeReported = progress.reports.some((report) => report.startsWith('recreated'))
  tell('finish')
  await exited

  const growth = Math.round((peak - before) * 10) / 10
  const ratio = Math.round((drained / rate) * 10) / 10
  const result = {
    minutes,
    per_second: rate,
    rows: progress.written,
    lost: outage.lost,
    duplicates: outage.duplicates + wiped.duplicates,
    anonymous_rss_growth_mb: growth,
    drain_ratio: ratio,
    wipe_reported: wipeReported,
    lost_after_wipe: wiped.lost,
  }
  console.log(JSON.stringify(result))
  const holds =
    result.lost + result.duplicates + result.lost_after_wipe === 0 && wipeReported && growth < 50 && ratio > 5
  process.exitCode = holds ? 0 : 1
} finally {
  child.kill('SIGKILL')
  await exited
  await server.remove()
  rmSync(folder, { recursive: true, force: true })
}
