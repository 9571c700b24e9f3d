import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from 'nats'
import type { Subscription } from 'rxjs'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished } from 'vitest'
import { connectNats, type Nats } from '../../lib/nats/connect-nats.ts'
import type { Published } from '../../lib/nats/published.ts'
import type { RelayReport } from '../../lib/nats/relay-report.ts'
import { subjectUnder } from '../../lib/nats/subject-under.ts'
import { type JetStreamSinkOptions, toJetStream } from '../../lib/nats/to-jetstream.ts'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import type { Store } from '../../lib/state/store.ts'
import { type NatsServer, startNatsServer } from './nats-server.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { WrittenOutcomes } from './written-outcomes.ts'

export interface Alarm {
  readonly pump: string
  readonly number: number
  readonly time?: number
  readonly filler?: string
}

interface Pipeline {
  readonly source: WrittenOutcomes<Alarm>
  readonly published: Published[]
  readonly reports: RelayReport[]
  readonly completed: Promise<void>
  readonly subscription: Subscription
}

interface StoredMessage {
  readonly subject: string
  readonly id: string
  readonly contentType: string
  readonly event: Record<string, unknown> & { readonly data: Alarm }
}

/** A nats-server, stores and sinks for the tests of one file. Each test finds no streams. */
export const alarmBench = () => {
  let server: NatsServer
  let admin: NatsConnection
  let manager: JetStreamManager
  let nats: Nats
  const subject = subjectUnder('alarm', ({ pump }: Alarm) => [pump])

  beforeAll(async () => {
    server = await startNatsServer()
    admin = await connect({ servers: server.address, maxReconnectAttempts: -1, reconnectTimeWait: 50 })
    manager = await jetstreamManager(admin)
    nats = await connectNats({ servers: server.address, retryAfter: 50 })
  })
  afterAll(async () => {
    await nats.close()
    await admin.close()
    await server.remove()
  })
  beforeEach(async () => {
    await answering()
    for (const stream of ['alarms', 'alarms-rejected']) await manager.streams.delete(stream).catch(() => {})
  })

  /** The client loses what it is asked while it connects again. */
  const answering = (): Promise<void> => eventually(async () => void (await admin.rtt()))

  const openStore = (folder = temporaryFolder()): Store => {
    const store = lmdbStore(folder)
    onTestFinished(() => store.close())
    return store
  }

  /** A sink whose source writes to the store; `firstPosition` goes on after an earlier run. */
  const pipeline = (
    store: Store,
    options: Partial<JetStreamSinkOptions<Alarm>> = {},
    firstPosition = 1,
    by = nats,
  ): Pipeline => {
    const source = new WrittenOutcomes<Alarm>(store, firstPosition)
    const published: Published[] = []
    const reports: RelayReport[] = []
    const report = (said: RelayReport): void => void reports.push(said)
    const sink = toJetStream(by, { store, subject, stream: 'alarms', report, ...options })
    let subscription!: Subscription
    const completed = new Promise<void>((resolve, reject) => {
      const next = (row: Published): void => void published.push(row)
      subscription = source.outcomes.pipe(sink).subscribe({ next, error: reject, complete: resolve })
    })
    completed.catch(() => {})
    onTestFinished(() => subscription.unsubscribe())
    return { source, published, reports, completed, subscription }
  }

  /** One alarm a turn, all in one commit. */
  const alarms = async ({ source }: Pick<Pipeline, 'source'>, from: number, to: number): Promise<void> => {
    for (let number = from; number <= to; number++) source.add([{ pump: `p${number % 3}`, number }])
    await source.commit()
  }

  /** Everything in a stream, in order. */
  const stored = async (stream = 'alarms'): Promise<StoredMessage[]> => {
    await answering()
    const { state } = await manager.streams.info(stream)
    const messages: StoredMessage[] = []
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage(stream, { seq })
      if (!message) continue
      const { header } = message
      const [id, contentType] = [header.get('Nats-Msg-Id'), header.get('Content-Type')]
      messages.push({ subject: message.subject, id, contentType, event: message.json() })
    }
    return messages
  }

  return {
    subject,
    answering,
    openStore,
    pipeline,
    alarms,
    stored,
    eventually,
    numbers: async () => (await stored()).map(({ event }) => event.data.number),
    get server() {
      return server
    },
    get admin() {
      return admin
    },
    get manager() {
      return manager
    },
    get nats() {
      return nats
    },
  }
}

/** Resolves when `check` no longer throws; fails with what it threw last. */
const eventually = (check: () => void | Promise<void>): Promise<void> =>
  expect
    .poll(
      async () => {
        try {
          await check()
          return 'holds'
        } catch (error) {
          return String(error)
        }
      },
      { timeout: 20_000, interval: 20 },
    )
    .toBe('holds')

/** The whole numbers from `first` to `last`. */
export const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at)
