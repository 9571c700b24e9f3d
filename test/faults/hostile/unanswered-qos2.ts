import { setTimeout as wait } from 'node:timers/promises'
import { FloodClient, packetBytes } from '../../support/flood-client.ts'
import type { HostileFault } from './fault.ts'
import { proveMemoryBound } from './memory-bound.ts'

/** Sends as many publishes of QoS 2 as there are message ids, from many clients, and never a PUBREL. */
export const unansweredQos2: HostileFault = {
  id: 'R4',
  what: 'publishes of QoS 2 whose handshake is never completed pile up no memory',
  prove: ({ scale, progress }) =>
    proveMemoryBound(async ({ port }) => {
      const [count, seconds] = scale === 'small' ? [16, 3] : [64, 40]
      const bytes = packetBytes(65_535, (number) => ({
        ...{ cmd: 'publish', topic: 'v1/press-7/value', payload: '71.4', qos: 2 },
        ...{ messageId: number + 1, dup: false, retain: false },
      }))
      const clients = await Promise.all(
        Array.from({ length: count }, (_, index) => FloodClient.connect(port, `press-${index}`)),
      )
      const received = (): number => clients.reduce((sum, client) => sum + client.received[5]!, 0)
      for (const client of clients) void client.write(bytes)
      for (let second = 0; second < seconds && received() < count * 65_535; second++) {
        await wait(1_000)
        progress(`${received()} of ${count * 65_535} publishes are recorded`)
      }
      const recorded = received()
      for (const client of clients) client.close()
      return { clients: count, recorded }
    }),
}
