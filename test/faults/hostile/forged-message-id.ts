import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { readRunning } from '../../../cli/running-file.ts'
import { connectNats } from '../../../lib/nats/connect-nats.ts'
import { QuietClient } from '../../support/quiet-client.ts'
import { RawMqtt } from '../../support/raw-mqtt.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/**
 * Publishes messages with the id of a row into both streams, looks whether readings are still acknowledged,
 * and does what the report says.
 */
export const forgedMessageId: HostileFault = {
  id: 'R9',
  what: 'a forged Nats-Msg-Id in a stream stops no acknowledgement, and the report names the way on',
  async prove({ scale, progress }) {
    const tidemark = await TidemarkProcess.start()
    const nats = await connectNats({ servers: readRunning(tidemark.folder)!.nats, firstConnect: 'fail' })
    const quiet = await QuietClient.connect({ port: tidemark.port })
    const device = await RawMqtt.connect(tidemark.port, 'press-7')
    try {
      const manager = await jetstreamManager(await nats.connection)
      const count = async (): Promise<number> => (await manager.streams.info(rejected)).state.last_seq
      device.publish('v1/press-7/one', 'not a number', 1)
      await until(async () => (await count().catch(() => 0)) === 1)
      const { seq } = await jetstream(await nats.connection).publish('dead.x', '{}', { msgID: 'forged-1-0' })
      progress('published a message with a forged id')

      device.publish('v1/press-7/two', 'not a number', 2)
      const report = await tidemark.notice(/nothing is published to stream "tidemark-rejected"/)
      const before = performance.now()
      await wait(scale === 'small' ? 1_000 : 10_000)
      const { published, acknowledged } = quiet.latency(before)
      const names = report?.includes('tidemark takeover') ?? false
      const heldBack = (await count()) === seq

      await manager.streams.deleteMessage(rejected, seq)
      const goesOn = await until(async () => (await count()) === seq + 1)
      const isRunning = tidemark.isRunning
      const holds = isRunning && names && heldBack && goesOn && acknowledged >= published - 5
      return { holds, isRunning, names, heldBack, goesOn, published, acknowledged }
    } finally {
      quiet.close()
      device.close()
      await nats.close()
      await tidemark.remove()
    }
  },
}

const rejected = 'tidemark-rejected'

const wait = (forMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs))

/** Whether `condition` holds within ten seconds. */
const until = async (condition: () => Promise<boolean>): Promise<boolean> => {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (await condition()) return true
    await wait(50)
  }
  return false
}
