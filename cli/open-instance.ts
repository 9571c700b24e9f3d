import { lastValueFrom } from 'rxjs'
import { reportRefusals } from '../devices/broker/report-refusals.ts'
import { watchDevices } from '../devices/watch-devices.ts'
import { connectNats, type Nats } from '../lib/nats/connect-nats.ts'
import type { RelayReport } from '../lib/nats/relay-report.ts'
import { lmdbStore } from '../lib/state/lmdb-store.ts'
import { type Duration, seconds } from '../lib/time/duration.ts'
import { systemClock } from '../lib/time/wall-clock.ts'
import { makeDataFolder, storeFolder, streamName } from './data-folder.ts'
import { provideNats } from './nats/provide-nats.ts'
import { reportUnreachable } from './nats/report-unreachable.ts'
import { openBrokerAt } from './open-broker-at.ts'
import { relayNotice } from './relay-notice.ts'
import { reportDisk } from './report-disk.ts'
import { removeRunning, writeRunning } from './running-file.ts'

export interface InstanceOptions {
  readonly data: string
  readonly port: number
  /** Whether the next free port does as well when `port` is taken, as unless given. */
  readonly orNextPort?: boolean
  /** Silence after which a device is reported absent, as for `watchDevices`. */
  readonly absentAfter?: Duration
  /** Topics of which retained messages are kept, as for `openBroker`. */
  readonly retain?: readonly string[]
  /** As for `watchDevices`. */
  readonly takeOver?: readonly string[]
  /** Told in words what an operator wants to know. */
  readonly onNotice: (line: string) => void
}

/** A tidemark that runs in this process. */
export interface Instance {
  /** Absolute path. */
  readonly data: string
  readonly mqtt: { readonly host: string; readonly port: number }
  readonly natsUrl: string
  readonly natsIsManaged: boolean
  readonly nats: Nats
  /** Rejects when it cannot go on. Resolves once it is closed. */
  readonly ended: Promise<unknown>
  /** Takes nothing more, finishes what was taken, and ends what it has started. */
  close(): Promise<void>
}

/** Store, NATS server, broker and actors, in the order in which each needs the one before. */
export const openInstance = async ({
  data,
  port,
  orNextPort = true,
  absentAfter,
  retain = [],
  takeOver = [],
  onNotice,
}: InstanceOptions): Promise<Instance> => {
  const folder = makeDataFolder(data)
  const closers: (() => unknown)[] = []
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer()
  }
  try {
    // First, because its lock keeps a second tidemark out of the whole folder.
    const store = lmdbStore(storeFolder(folder))
    closers.push(() => store.close())
    const server = await provideNats(folder, onNotice)
    closers.push(() => server.stop())
    // A server that somebody else runs may be down: then anomalies wait in the store, and nothing else does.
    const firstConnect = server.isManaged ? 'wait' : 'later'
    const nats = await connectNats({ servers: server.url, firstConnect, name: 'tidemark' })
    closers.push(() => nats.close())
    reportUnreachable(nats, onNotice)
    const broker = await openBrokerAt({ port, orNext: orNextPort, retain })
    reportRefusals(broker.refusals, systemClock, onNotice)
    reportDisk({ store, waiting: () => broker.held, clock: systemClock, onNotice })
    const mqtt = broker.address
    if (mqtt.port !== port) onNotice(`port ${port} is taken by another program; MQTT is at port ${mqtt.port}`)
    const report = (said: RelayReport): void => onNotice(relayNotice(said, data))
    const absence = absentAfter === undefined ? {} : { absentAfter }
    const watch = watchDevices({ broker, store, nats, stream: streamName, takeOver, report, ...absence })
    const ended = lastValueFrom(watch, { defaultValue: undefined })
    // Whoever opened the instance looks at `ended`; until then a failure must not end the process by itself.
    ended.catch(() => {})
    closers.push(async () => {
      await broker.close(seconds(1.5))
      await ended.catch(() => {})
    })
    writeRunning(folder, { mqtt: `mqtt://${mqtt.host}:${mqtt.port}`, nats: server.url })
    closers.push(() => removeRunning(folder))
    return { data: folder, mqtt, natsUrl: server.url, natsIsManaged: server.isManaged, nats, ended, close }
  } catch (error) {
    await close()
    throw error
  }
}
