import { lastValueFrom } from 'rxjs'
import { reportRefusals } from '../devices/broker/report-refusals.ts'
import { devicesStage, watchDevices } from '../devices/watch-devices.ts'
import { connectNats, type Nats } from '../lib/nats/connect-nats.ts'
import type { LmdbStore } from '../lib/state/lmdb-store.ts'
import { type Duration, seconds } from '../lib/time/duration.ts'
import { systemClock } from '../lib/time/wall-clock.ts'
import { catchingUp } from './catching-up.ts'
import type { ProvidedNats } from './nats/provide-nats.ts'
import { reportConnection } from './nats/report-connection.ts'
import { openBrokerAt } from './open-broker-at.ts'
import { relayNotices } from './relay-notice.ts'
import { reportDisk } from './report-disk.ts'
import { outboxName } from './stream-memory.ts'

export interface PipelineOptions {
  /** As it was named on the command line. */
  readonly data: string
  readonly store: LmdbStore
  readonly server: ProvidedNats
  readonly port: number
  readonly orNextPort: boolean
  readonly absentAfter: Duration | undefined
  readonly retain: readonly string[]
  readonly stream: string
  readonly takeOver: readonly string[]
  readonly onNotice: (line: string) => void
  /** Adds something to be done when the pipeline is closed; what was added last is done first. */
  readonly onClose: (closer: () => unknown) => void
}

export interface Pipeline {
  readonly mqtt: { readonly host: string; readonly port: number }
  readonly nats: Nats
  /** Resolves when what the last run left in the journal has been replayed: readings are taken at speed. */
  readonly caughtUp: Promise<void>
  /** Rejects when it cannot go on. Resolves once the broker is closed and all is drained. */
  readonly ended: Promise<unknown>
}

/**
 * Broker, actors and the relay to NATS. Readings are taken and acknowledged as soon as the broker listens;
 * what is to be published waits in the store until the NATS server is up.
 */
export const openPipeline = async (options: PipelineOptions): Promise<Pipeline> => {
  const { data, store, server, port, orNextPort, absentAfter, retain, onNotice, onClose } = options
  const { stream, takeOver } = options
  const connecting = { firstConnect: 'later', after: server.ready } as const
  const nats = await connectNats({ servers: server.url, name: 'tidemark', ...connecting })
  onClose(() => nats.close())
  reportConnection(nats, onNotice, 'trying again, and what is to be published waits on the disk')
  const isKnown = (device: string): boolean => store.readActor(devicesStage, device).states.length > 0
  const broker = await openBrokerAt({ port, orNext: orNextPort, retain, isKnown })
  reportRefusals(broker.refusals, systemClock, onNotice)
  reportDisk({ store, waiting: () => broker.held, clock: systemClock, onNotice })
  const mqtt = broker.address
  if (mqtt.port !== port) onNotice(`port ${port} is taken by another program; MQTT is at port ${mqtt.port}`)
  const report = relayNotices(data, onNotice)
  const absence = absentAfter === undefined ? {} : { absentAfter }
  const { ended: caughtUp, onReplay } = catchingUp(onNotice)
  const common = { broker, store, nats, stream, outbox: outboxName, takeOver, report, onReplay }
  const watch = watchDevices({ ...common, ...absence })
  const ended = lastValueFrom(watch, { defaultValue: undefined })
  // Until the caller looks at `ended`, a failure must not end the process by itself.
  ended.catch(() => {})
  onClose(async () => {
    await broker.close(seconds(1.5))
    await ended.catch(() => {})
  })
  return { mqtt, nats, caughtUp, ended }
}
