import { setTimeout as wait } from 'node:timers/promises'
import { FloodClient, packetBytes } from '../../support/flood-client.ts'
import type { HostileFault } from './fault.ts'
import { proveMemoryBound } from './memory-bound.ts'

/** Subscribes to everything with many clients that never read, while others publish large payloads. */
export const unreadSubscriptions: HostileFault = {
  id: 'R4',
  what: 'subscribers that never read are disconnected before they pile up memory',
  prove: ({ scale, progress }) =>
    proveMemoryBound(async ({ port }) => {
      const [count, seconds] = scale === 'small' ? [100, 3] : [300, 30]
      const subscribers = await Promise.all(
        Array.from({ length: count }, (_, index) => FloodClient.connect(port, `watcher-${index}`)),
      )
      const subscribe = packetBytes(1, () => ({
        ...{ cmd: 'subscribe', messageId: 1 },
        subscriptions: [{ topic: 'v1/#', qos: 0 }],
      }))
      for (const subscriber of subscribers) {
        await subscriber.write(subscribe)
        await subscriber.until(() => subscriber.closed || subscriber.received[9]! > 0)
        subscriber.socket.pause()
      }
      const publisher = await FloodClient.connect(port, 'gateway-1')
      const payload = `{"value":71.4,"note":"${'x'.repeat(8_000)}"}`
      const bytes = packetBytes(20, () => ({
        ...{ cmd: 'publish', topic: 'v1/press-7', payload, qos: 0, dup: false, retain: false },
      }))
      const end = performance.now() + seconds * 1_000
      const flood = publisher.flood(bytes, () => performance.now() > end)
      while (performance.now() < end) {
        await wait(1_000)
        progress(`${Math.ceil((end - performance.now()) / 1_000)} s left`)
      }
      await flood
      publisher.close()
      for (const subscriber of subscribers) subscriber.close()
      return { subscribers: count }
    }),
}
