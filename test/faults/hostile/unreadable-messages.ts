import { jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from 'nats'
import { readRunning } from '../../../cli/running-file.ts'
import { connectNats } from '../../../lib/nats/connect-nats.ts'
import { QuietClient } from '../../support/quiet-client.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import { anomaly, eventOf } from './anomaly-event.ts'
import type { HostileFault } from './fault.ts'

const subjects = ['anomaly.x.y', 'absence.x']
const payloads: readonly (string | Uint8Array)[] = [
  ...['{"n":0}', '', 'null', '[]', '{', '"text"', '{"data":null}'],
  ...[eventOf(null), eventOf({ n: 0 }), eventOf({ device: { toString: 1 }, baseline: null, time: 1e300 })],
  eventOf({ device: '\u001b[2J', metric: 'm', phase: 'opened', status: 'confirmed' }),
  `{"data":${'['.repeat(10_000)}`,
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
]

/** Publishes what is no anomaly to the subjects that `start` prints, and looks whether it goes on. */
export const unreadableMessages: HostileFault = {
  id: 'R2',
  what: 'NATS messages that are no anomalies and no absences are counted, and end nothing',
  async prove({ scale, progress }) {
    const rounds = scale === 'small' ? 3 : 200
    const tidemark = await TidemarkProcess.start()
    const nats = await connectNats({ servers: readRunning(tidemark.folder)!.nats, firstConnect: 'fail' })
    const quiet = await QuietClient.connect({ port: tidemark.port })
    try {
      const connection = await nats.connection
      await publish(connection, 'anomaly.x.y', '{"n":0}')
      for (let round = 0; round < rounds; round++) {
        for (const subject of subjects) {
          for (const payload of payloads) await publish(connection, subject, payload)
        }
      }
      await publish(connection, 'anomaly.press-7.temperature', eventOf(anomaly))
      const perSubject = rounds * payloads.length
      progress(`published ${subjects.length * perSubject + 1} messages that cannot be read`)
      const reported = await Promise.all([
        tidemark.notice(/ignored messages that are not anomalies/),
        tidemark.notice(/ignored messages that are not absences/),
      ])
      const before = performance.now()
      await new Promise((resolve) => setTimeout(resolve, 500))
      const { published, acknowledged } = quiet.latency(before)
      const isRunning = tidemark.isRunning
      const isShown = tidemark.stdout.some((line) => line.includes('"event":"anomaly","device":"press-7"'))
      const holds = isRunning && isShown && !reported.includes(undefined) && acknowledged > 0
      return { holds, isRunning, isShown, reported, published, acknowledged }
    } finally {
      quiet.close()
      await nats.close()
      await tidemark.remove()
    }
  },
}

const publish = async (
  connection: NatsConnection,
  subject: string,
  payload: string | Uint8Array,
): Promise<void> => {
  await jetstream(connection).publish(subject, payload, { retries: 20 })
}
