import { readFileSync } from 'node:fs'
import { filter, Subject } from 'rxjs'
import { actors } from '../../../lib/actors/actors.ts'
import type { Behavior } from '../../../lib/actors/behavior.ts'
import { Delivery } from '../../../lib/actors/delivery.ts'
import { connectNats } from '../../../lib/nats/connect-nats.ts'
import { subjectUnder } from '../../../lib/nats/subject-under.ts'
import { toJetStream } from '../../../lib/nats/to-jetstream.ts'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import type { PipelineCommand, PipelineProgress } from './progress.ts'

/** Runs only the pipeline, so that what its process holds in memory is what the pipeline holds. */
interface Numbered {
  readonly time: number
  readonly number: number
  readonly device: string
}

const [address, folder, rate, duplicateWindow] = process.argv.slice(2) as [string, string, string, string]
const store = lmdbStore(folder)
const nats = await connectNats({ servers: address, firstConnect: 'wait', retryAfter: 200 })
const progress: PipelineProgress = { written: 0, published: 0, anonymousMegabytes: 0, reports: [], shown: 0 }
const tell = (): void => {
  progress.anonymousMegabytes = anonymousMegabytes()
  process.send?.(progress)
}

const readings = new Subject<Delivery<Numbered>>()
const pass: Behavior<Numbered, Numbered> = (inbox) => inbox.pipe(filter(({ number }) => number > 0))
readings
  .pipe(
    actors({ key: ({ device }) => device, behavior: pass, store }),
    toJetStream(nats, {
      store,
      subject: subjectUnder('outage', ({ device }: Numbered) => [device]),
      stream: { name: 'outage', subjects: ['outage.>', 'dead.>'], duplicateWindow: Number(duplicateWindow) },
      report: ({ kind, message }) => progress.reports.push(`${kind}: ${message}`),
      drainFor: 60_000,
    }),
  )
  .subscribe({
    next: () => {
      progress.published++
      if (progress.published % 2_000 === 0) tell()
    },
    error: (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
    complete: () =>
      void store
        .close()
        .then(() => nats.close())
        .then(() => process.exit(0)),
  })

let paused = false
let due = 0
let last = Date.now()
setInterval(() => {
  const now = Date.now()
  if (!paused) due += ((now - last) / 1_000) * Number(rate)
  last = now
  for (; due >= 1; due--) {
    const number = progress.written + 1
    readings.next(new Delivery([{ time: now, number, device: `d${number % 100}` }]))
    progress.written = number
  }
}, 10)
setInterval(tell, 50)

process.on('message', (command: PipelineCommand) => {
  if (command === 'finish') readings.complete()
  else if (command === 'show') {
    progress.shown++
    tell()
  } else paused = command === 'pause'
})
process.on('disconnect', () => process.exit(1))

/** What this process holds that no file backs, in MiB: LMDB's map is the page cache's business. */
function anonymousMegabytes(): number {
  const held = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))
  if (!held) throw new Error('/proc/self/status has no RssAnon: this test needs Linux')
  return Number(held[1]) / 1_024
}
