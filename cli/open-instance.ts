import { lmdbStore } from '../lib/state/lmdb-store.ts'
import type { Duration } from '../lib/time/duration.ts'
import { makeDataFolder, storeFolder } from './data-folder.ts'
import { provideNats } from './nats/provide-nats.ts'
import type { Pipeline } from './open-pipeline.ts'
import { removeRunning, writeRunning } from './running-file.ts'
import { chooseStream } from './stream-memory.ts'

export interface InstanceOptions {
  readonly data: string
  readonly port: number
  /** Whether the next free port does as well when `port` is taken, as unless given. */
  readonly orNextPort?: boolean
  /** Port of the NATS server that is run, and no other; 4222 or the next free one unless given. */
  readonly natsPort?: number | undefined
  /** Silence after which a device is reported absent, as for `watchDevices`. */
  readonly absentAfter?: Duration
  /** Topics of which retained messages are kept, as for `openBroker`. */
  readonly retain?: readonly string[]
  /** The JetStream stream; that of the last run unless given. */
  readonly stream?: string | undefined
  /** As for `watchDevices`. */
  readonly takeOver?: readonly string[]
  /** Told in words what an operator wants to know. */
  readonly onNotice: (line: string) => void
}

/** A tidemark that runs in this process. */
export interface Instance extends Pipeline {
  /** Absolute path. */
  readonly data: string
  readonly natsUrl: string
  readonly natsIsManaged: boolean
  readonly stream: string
  /**
   * Resolves when the NATS server is up, if this process runs it, and readings are taken at speed. They are
   * taken before.
   */
  readonly ready: Promise<unknown>
  /** Takes nothing more, finishes what was taken, and ends what it has started. */
  close(): Promise<void>
}

/** Store, NATS server, broker and actors. Resolves when readings are taken. */
export const openInstance = async ({
  data,
  port,
  orNextPort = true,
  natsPort,
  absentAfter,
  retain = [],
  stream: asked,
  takeOver: replaced = [],
  onNotice,
}: InstanceOptions): Promise<Instance> => {
  const folder = makeDataFolder(data)
  const closers: (() => unknown)[] = []
  const onClose = (closer: () => unknown): void => void closers.push(closer)
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer()
  }
  try {
    // First, because its lock keeps a second tidemark out of the whole folder.
    const store = lmdbStore(storeFolder(folder), {
      onUpgrade(rows, of) {
        if (rows === 0) onNotice(`rewriting the store in the format of this version, once: ${of} rows`)
      },
    })
    onClose(() => store.close())
    const loading = import('./open-pipeline.ts')
    // It takes its time to start, in which the rest is loaded.
    const server = await provideNats(folder, { onNotice, port: natsPort })
    onClose(() => server.stop())
    const { openPipeline } = await loading
    const { stream, takeOver: followed } = await chooseStream(store, asked, onNotice)
    const takeOver = [...followed, ...replaced]
    const options = { data, store, server, port, orNextPort, absentAfter, retain, stream, takeOver }
    const pipeline = await openPipeline({ ...options, onNotice, onClose })
    const { mqtt } = pipeline
    writeRunning(folder, { mqtt: `mqtt://${mqtt.host}:${mqtt.port}`, nats: server.url, stream })
    onClose(() => removeRunning(folder))
    const ready = Promise.all([server.ready, pipeline.caughtUp])
    const ended = Promise.race([pipeline.ended, failureOf(ready)])
    ended.catch(() => {})
    const facts = { data: folder, natsUrl: server.url, natsIsManaged: server.isManaged, stream }
    return { ...pipeline, ...facts, ready, ended, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Rejects when `promise` does, and never resolves. */
const failureOf = (promise: Promise<unknown>): Promise<never> =>
  new Promise((_, reject) => promise.catch(reject))
