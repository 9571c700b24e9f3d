import { Command } from 'commander'
import { shownAddress } from '../lib/nats/server-address.ts'
import { rejectedName } from '../lib/nats/sink-streams.ts'
import { type StreamWriter, streamWriter } from '../lib/nats/stream-writer.ts'
import { lmdbStore } from '../lib/state/lmdb-store.ts'
import { type Duration, seconds } from '../lib/time/duration.ts'
import { systemClock } from '../lib/time/wall-clock.ts'
import { commandName } from './command-name.ts'
import { makeDataFolder, storeFolder } from './data-folder.ts'
import { connectNow } from './nats/connect-now.ts'
import { provideNats } from './nats/provide-nats.ts'
import { natsUrlPrefix } from './options/nats-url.ts'
import { dataOption, dataOptionFor, jsonOption } from './options/shared-options.ts'
import { streamOption } from './options/stream-option.ts'
import { standardOutput } from './output/standard-output.ts'
import { chooseStream, saveStreamMemory } from './stream-memory.ts'

interface TakeoverOptions {
  readonly data: string
  readonly stream?: string
  readonly force?: true
  readonly json?: true
}

interface Takeover {
  readonly stream: string
  /** Of the store that publishes to the streams from now on. */
  readonly epoch: string
  /** Streams that another store wrote to last. */
  readonly takenOver: readonly StreamWriter[]
}

export const takeoverCommand = (): Command =>
  new Command('takeover')
    .description('go on in a stream whose former data folder is gone, after it was deleted or moved')
    .addOption(streamOption('else that of the last run, or tidemark'))
    .addOption(dataOption())
    .option('--force', 'also when it was written to just now')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The stream keeps its messages. Those of this data folder follow behind them, each once and under ids of
their own; outputs that waited in the former folder are gone with it. A former tidemark that still runs
publishes nothing more once this one has, and reports that.

Examples:
  $ tidemark takeover
  $ NATS_URL=nats://127.0.0.1:4222 tidemark takeover --stream plant-2 --data plant-2-data`,
    )
    .action(takeover)

/** A stream that was written to so shortly ago may have a writer that runs. */
const recent: Duration = seconds(10)

const takeover = async ({ data, stream, force, json }: TakeoverOptions): Promise<void> => {
  const onNotice = (line: string): void => console.error(line)
  const folder = makeDataFolder(data)
  // Its lock keeps a tidemark that runs on this folder out.
  const store = lmdbStore(storeFolder(folder))
  try {
    const memory = await chooseStream(store, stream, onNotice)
    const known = new Set([
      store.epoch,
      ...(store.ancestors ?? []).map(({ epoch }) => epoch),
      ...memory.takeOver,
    ])
    const writers = await writersOf(folder, memory.stream, onNotice)
    const takenOver = writers.filter(({ epoch }) => !known.has(epoch))
    if (!force) refuseRecent(takenOver)
    const epochs = new Set(takenOver.map(({ epoch }) => epoch))
    if (epochs.size > 0)
      await saveStreamMemory(store, { ...memory, takeOver: [...memory.takeOver, ...epochs] })
    const result: Takeover = { stream: memory.stream, epoch: store.epoch, takenOver }
    await standardOutput.print(json ? JSON.stringify(result) : inWords(result, data))
  } finally {
    await store.close()
  }
}

/**
 * The last writers of the stream of anomalies and of that of rejected values.
 * @throws Error with the remedy when there is no writer: the server or the stream must be another one.
 */
const writersOf = async (
  folder: string,
  stream: string,
  onNotice: (line: string) => void,
): Promise<StreamWriter[]> => {
  const server = await provideNats(folder, { onNotice })
  try {
    await server.ready
    const nats = await connectNow(server.url, 'tidemark takeover')
    try {
      const connection = await nats.connection
      const names = [stream, rejectedName(stream)]
      const writers = await Promise.all(names.map((name) => streamWriter(connection, name)))
      const found = writers.filter((writer) => writer !== undefined)
      if (found.length > 0) return found
      throw new Error(
        `nothing was published to stream "${stream}" on the NATS server at ${shownAddress(server.url)}` +
          `${server.isManaged ? ', that of the data folder' : ''}: name another server with NATS_URL, or another ` +
          'stream with --stream',
      )
    } finally {
      await nats.close()
    }
  } finally {
    await server.stop()
  }
}

const refuseRecent = (writers: readonly StreamWriter[]): void => {
  const now = systemClock.now()
  const writer = writers.find(({ time }) => Math.abs(now - time) < recent)
  if (!writer) return
  throw new Error(
    `stream "${writer.stream}" was written to ${Math.round((now - writer.time) / seconds(1))} s ago by store ` +
      `"${writer.epoch}": if that tidemark runs, stop it, or give this one a stream of its own with --stream. ` +
      'If it is gone, run this again in ten seconds, or with --force',
  )
}

const inWords = ({ stream, takenOver }: Takeover, data: string): string => {
  if (takenOver.length === 0) {
    return `stream "${stream}" needs no takeover: its newest messages are of this store, or of one that it follows`
  }
  const each = takenOver.map(
    (writer) =>
      `stream "${writer.stream}": ${writer.messages.toLocaleString('en-US')} messages stay, the newest of ` +
      `${new Date(writer.time).toISOString()} by store ${writer.epoch}`,
  )
  return [...each, `taken over; now: ${natsUrlPrefix()}${commandName} start${dataOptionFor(data)}`].join('\n')
}
