import { Command, Option } from 'commander'
import { count, EMPTY, from, lastValueFrom, type Observable, takeUntil } from 'rxjs'
import { watchDevices } from '../devices/watch-devices.ts'
import { connectNats } from '../lib/nats/connect-nats.ts'
import { rejectedName } from '../lib/nats/sink-streams.ts'
import { waitingRows } from '../lib/nats/waiting-rows.ts'
import { lmdbStore } from '../lib/state/lmdb-store.ts'
import { readRowEntries } from '../lib/state/rows/journal-row.ts'
import type { Store, StoreReader } from '../lib/state/store.ts'
import { type Duration, seconds } from '../lib/time/duration.ts'
import { existingStoreFolder } from './data-folder.ts'
import { noNats } from './nats/no-nats.ts'
import { provideNats } from './nats/provide-nats.ts'
import { reportConnection } from './nats/report-connection.ts'
import { parseLength } from './options/parse-length.ts'
import { dataOption, jsonOption, takeOverOption } from './options/shared-options.ts'
import { streamOption } from './options/stream-option.ts'
import { standardOutput } from './output/standard-output.ts'
import { relayNotices } from './relay-notice.ts'
import { chooseStream, outboxName } from './stream-memory.ts'
import { untilInterrupted } from './until-interrupted.ts'

interface Drained {
  /** Journal entries found. */
  readonly replayed: number
  /** Journal entries afterwards. */
  readonly left: number
  readonly published: number
  /** Messages that NATS has not confirmed. */
  readonly waiting: number
}

interface DrainOptions {
  readonly data: string
  readonly for: Duration
  readonly stream?: string
  readonly takeOver: readonly string[]
  readonly json?: true
}

export const drainCommand = (): Command =>
  new Command('drain')
    .description('finish what a killed tidemark left behind, without taking anything new')
    .addOption(
      new Option('--for <length>', 'how long to publish what waits for NATS')
        .argParser(parseLength)
        .default(seconds(10), '10s'),
    )
    .addOption(streamOption('else that of the last run, or tidemark'))
    .addOption(takeOverOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Needed before an update whose release notes say so: what the old version wrote down and has not
worked into its baselines yet, only the old version reads in the same way.

Examples:
  $ tidemark drain
  $ tidemark drain --data /var/lib/tidemark --for 5m

Ends with 1 when messages still wait for NATS. The baselines are worked up to date all the same.`,
    )
    .action(drain)

const drain = async ({ data, for: drainFor, stream: asked, takeOver, json }: DrainOptions): Promise<void> => {
  const onNotice = (line: string): void => console.error(line)
  const interrupted = untilInterrupted()
  const store = lmdbStore(existingStoreFolder(data))
  const server = await provideNats(data, { onNotice }).catch((error: Error) => onNotice(error.message))
  server?.ready.catch((error: Error) => onNotice(error.message))
  const nats = server
    ? await connectNats({
        ...{ servers: server.url, name: 'tidemark drain' },
        ...{ firstConnect: 'later', after: server.ready },
      })
    : noNats()
  if (server) reportConnection(nats, onNotice)
  try {
    const replayed = entriesIn(store)
    // Devices that say nothing: their actors take what is left in the journal, are saved, and that is all.
    const readings: Observable<never> = EMPTY
    const report = relayNotices(data, onNotice)
    const nowhere = { readings }
    const { stream, takeOver: followed } = await chooseStream(store, asked, onNotice)
    const watch = watchDevices({
      ...{ broker: nowhere, store, nats, stream, outbox: outboxName },
      ...{ drainFor, takeOver: [...followed, ...takeOver], report },
    })
    const published = await lastValueFrom(watch.pipe(takeUntil(from(interrupted)), count()))
    const result = { replayed, left: entriesIn(store), published, waiting: waitingIn(store) }
    await standardOutput.print(json ? JSON.stringify(result) : inWords(result))
    if (result.left > 0) throw new Error(`the journal still has ${result.left} entries: run it again`)
    if (result.waiting > 0) throw new Error(stillWaiting(result.waiting, drainFor))
  } finally {
    await nats.close()
    await server?.stop()
    await store.close()
  }
}

/** The outbox of anomalies, and that of rejected values. */
const waitingIn = (store: Store): number =>
  waitingRows(store, outboxName) + waitingRows(store, rejectedName(outboxName))

const entriesIn = (store: StoreReader): number => {
  let entries = 0
  for (const row of store.readJournal()) entries += readRowEntries(row).length
  return entries
}

const inWords = ({ replayed, left, published, waiting }: Drained): string =>
  [
    replayed === 0
      ? 'the journal was empty'
      : left === 0
        ? `${replayed} journal entries worked into what the actors have saved; the journal is empty`
        : `the journal still has ${left} of ${replayed} entries`,
    `${published} messages published`,
    waiting > 0 ? `${waiting} still wait in the outbox` : 'none waits',
  ].join('\n')

const stillWaiting = (waiting: number, drainFor: Duration): string =>
  `after ${drainFor / seconds(1)} s ${waiting} messages still wait for a NATS server. Nothing is lost: the next ` +
  'start publishes them, or run this again when there is one, with a longer --for if they are many'
