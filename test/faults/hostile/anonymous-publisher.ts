import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from 'nats'
import { readRunning } from '../../../cli/running-file.ts'
import { connectNats } from '../../../lib/nats/connect-nats.ts'
import { RawMqtt } from '../../support/raw-mqtt.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

const stream = 'tidemark-rejected'

/** Requests that JetStream answers: the answer goes to whatever subject the request names. */
const requests = ['$JS.API.INFO', `$JS.API.STREAM.INFO.${stream}`, `$JS.API.STREAM.PURGE.${stream}`]

/** Connects to the managed NATS server without a user, subscribes, and tries to write to both streams. */
export const anonymousPublisher: HostileFault = {
  id: 'R9',
  what: 'a local program without the user of the data folder can subscribe, and cannot write to a stream',
  async prove({ progress }) {
    const tidemark = await TidemarkProcess.start()
    const { nats: address } = await tidemark.started
    const owner = await connectNats({ servers: readRunning(tidemark.folder)!.nats, firstConnect: 'fail' })
    const anonymous = await connect({ servers: address })
    const device = await RawMqtt.connect(tidemark.port, 'press-7')
    try {
      const seen: string[] = []
      anonymous.subscribe('>', { callback: (_, { subject }) => void seen.push(subject) })
      await anonymous.flush()
      for (const subject of ['anomaly.x.y', 'absence.x', 'dead.x', 'late.x', 'undelivered.tidemark.x'])
        anonymous.publish(subject, '{}')
      for (const request of requests) anonymous.publish(request, '', { reply: 'dead.x' })
      const failure = (attempt: Promise<unknown>): Promise<string> => attempt.then(() => '', String)
      const refused = await Promise.all([
        failure(jetstream(anonymous).publish('anomaly.x.y', '{}', { msgID: 'forged-1-0' })),
        failure(jetstreamManager(anonymous)),
        failure(connect({ servers: address, user: 'tidemark', pass: 'tidemark' })),
      ])
      progress('tried to publish without a user and with a wrong one')

      device.publish('v1/press-7/temperature', 'not a number', 1)
      await until(() => seen.length > 0)
      const manager = await jetstreamManager(await owner.connection)
      const messages = await Promise.all(
        [stream, 'tidemark'].map((name) =>
          manager.streams.info(name).then(
            ({ state }) => state.messages,
            () => 0,
          ),
        ),
      )
      const isRefused = refused.every((message) => /violation/i.test(message))
      const isRunning = tidemark.isRunning
      const holds = isRunning && isRefused && seen.length === 1 && messages.join() === '1,0'
      return { holds, isRunning, refused, seen, messages }
    } finally {
      device.close()
      await Promise.all([anonymous.close(), owner.close()])
      await tidemark.remove()
    }
  },
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let waited = 0; waited < 10_000 && !condition(); waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50))
}
