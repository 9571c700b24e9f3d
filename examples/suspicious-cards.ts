// Key, behavior, processor, source and sink of your own, and no device: payments come in as lines of JSON,
// and a card that pays more than three times within a minute is reported as a file.
import { mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { from, map } from 'rxjs'
import {
  actors,
  type Behavior,
  type Duration,
  deliver,
  lmdbStore,
  minutes,
  type Processor,
  type Sink,
  toSink,
} from '../lib/index.ts'

interface Payment {
  readonly card: string
  readonly amount: number
  readonly time: number
}

type Report = Payment & { readonly payments: number }

const moreThan = (limit: number, within: Duration): Processor<Payment, Report, { times: number[] }> => ({
  create: () => ({ times: [] }),
  onEvent(state, payment, out) {
    state.times = [...state.times.filter((time) => time > payment.time - within), payment.time]
    if (state.times.length > limit) out.emit({ ...payment, payments: state.times.length })
  },
})

const watchCard: Behavior<Payment, Report> = (payments, actor) =>
  payments.pipe(actor.durable('frequency', moreThan(3, minutes(1))))

// After a crash the last reports come again: a file named by the report's id is the same file again.
const filesIn = (folder: string): Sink<Report> => ({
  name: 'files',
  async deliver(reports) {
    mkdirSync(folder, { recursive: true })
    for (const { id, value } of reports) await writeFile(join(folder, `${id}.json`), JSON.stringify(value))
  },
})

const [data = './data', reports = './reports'] = process.argv.slice(2)
const store = lmdbStore(data)
from(createInterface(process.stdin))
  .pipe(
    map((line) => JSON.parse(line) as Payment),
    deliver(),
    actors({ key: ({ card }) => card, behavior: watchCard, store }),
    toSink(filesIn(reports), { store }),
  )
  .subscribe({ next: ({ key }) => console.log(`reported ${key}`), complete: () => void store.close() })
