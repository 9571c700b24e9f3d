import { setTimeout as wait } from 'node:timers/promises'
import { FloodClient, packetBytes } from '../../support/flood-client.ts'
import { QuietClient } from '../../support/quiet-client.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/** Connects, subscribes and is cut off, over and over, under thousands of publishes in flight. */
export const leavingSubscriber: HostileFault = {
  id: 'R1',
  what: 'subscribers that leave under load end nothing and slow no PUBACK',
  async prove({ scale, progress }) {
    const rounds = scale === 'small' ? 4 : 30
    const tidemark = await TidemarkProcess.start()
    const quiet = await QuietClient.connect({ port: tidemark.port })
    const publisher = await FloodClient.connect(tidemark.port, 'gateway-1')
    let isOver = false
    const load = keepInFlight(publisher, () => isOver)
    const since = performance.now()
    let shown = 0
    try {
      for (let round = 0; round < rounds && tidemark.isRunning; round++) {
        const clients = Array.from({ length: 4 }, (_, index) =>
          FloodClient.connect(tidemark.port, `watcher-${round % 2 === 0 ? index : 0}`),
        )
        const watchers = await Promise.all(clients)
        for (const [qos, watcher] of watchers.entries())
          watcher.socket.write(subscribeBytes(round % 2 === 0 ? 0 : qos % 3))
        await Promise.all(watchers.map((watcher) => watcher.until(() => watcher.closed || isShown(watcher))))
        await wait(scale === 'small' ? 200 : 500)
        for (const watcher of watchers) {
          shown += watcher.received[3]!
          watcher.socket.resetAndDestroy()
        }
        progress(`round ${round + 1}: ${shown} publishes shown, ${publisher.received[4]} acknowledged`)
      }
      const latency = quiet.latency(since)
      const isRunning = tidemark.isRunning
      const holds =
        isRunning && shown > 0 && !publisher.closed && quiet.isConnected && latency.p99 < longestMs
      return { holds, isRunning, shown, acknowledged: publisher.received[4], latency }
    } finally {
      isOver = true
      publisher.close()
      await load
      quiet.close()
      await tidemark.remove()
    }
  },
}

const isShown = ({ received }: FloodClient): boolean => received[3]! > 0

/** Keeps up to `window` publishes unacknowledged. */
const keepInFlight = async (client: FloodClient, isOver: () => boolean): Promise<void> => {
  const batches = Array.from({ length: 16 }, (_, batch) =>
    packetBytes(batchLength, (number) => ({
      ...{ cmd: 'publish', topic: `v1/machine-${number % 50}/value`, payload: '20.5', qos: 1 },
      ...{ messageId: batch * batchLength + number + 1, dup: false, retain: false },
    })),
  )
  for (let batch = 0; !isOver() && !client.closed; batch++) {
    await client.until(() => client.closed || (batch + 1) * batchLength - client.received[4]! <= window)
    await client.write(batches[batch % batches.length]!)
  }
}

const window = 16_000
const batchLength = window / 4
const subscribeBytes = (qos: number): Buffer =>
  packetBytes(1, () => ({
    ...{ cmd: 'subscribe', messageId: 1 },
    subscriptions: [{ topic: 'v1/#', qos: qos as 0 | 1 | 2 }],
  }))

const longestMs = 1_000
