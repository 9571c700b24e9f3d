import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { IPublishPacket } from 'mqtt-packet'
import { FloodClient, packetBytes } from '../../support/flood-client.ts'
import { type PubackLatency, QuietClient } from '../../support/quiet-client.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/**
 * Four clients send one kind of packet as fast as the sockets take them and wait for nothing, kind after
 * kind, while a quiet device measures how long its PUBACKs take.
 */
export const noisyNeighbor: HostileFault = {
  id: 'R8',
  what: 'four clients at full blast, whatever they send, leave a quiet one its share',
  async prove({ scale, progress }) {
    const [floodMs, mostP99Ms] = scale === 'small' ? [500, 1_000] : [7_000, 250]
    const tidemark = await TidemarkProcess.start()
    const quiet = await QuietClient.connect({ port: tidemark.port, everyMs: 20 })
    try {
      await wait(500)
      const latencies: Record<string, PubackLatency> = {}
      for (const [kind, bytesOf] of Object.entries(kinds)) {
        latencies[kind] = await latencyBeside(tidemark, quiet, bytesOf, floodMs)
        progress(`${kind}: PUBACKs of the quiet device take ${JSON.stringify(latencies[kind])} ms`)
      }
      const isServed = tidemark.isRunning && quiet.isConnected
      const holds = isServed && Object.values(latencies).every(({ p99 }) => p99 <= mostP99Ms)
      return { holds, mostP99Ms, ...latencies }
    } finally {
      quiet.close()
      await tidemark.remove()
    }
  },
}

/** How long the quiet device waits while four clients send what `bytesOf` gives for each. */
const latencyBeside = async (
  { port }: TidemarkProcess,
  quiet: QuietClient,
  bytesOf: (clientId: string) => Buffer,
  floodMs: number,
): Promise<PubackLatency> => {
  const ids = ['noisy-1', 'noisy-2', 'noisy-3', 'noisy-4']
  const bytes = ids.map(bytesOf)
  const clients = await Promise.all(ids.map((id) => FloodClient.connect(port, id)))
  await quiet.answered()
  const since = performance.now()
  const floods = clients.map((client, place) =>
    client.flood(bytes[place]!, () => performance.now() - since > floodMs),
  )
  await wait(floodMs)
  const latency = quiet.latency(since)
  for (const client of clients) client.close()
  await Promise.all(floods)
  // What they sent is worked off before the next kind is measured.
  await quiet.answered()
  return latency
}

const publishes = (count: number, publish: (number: number) => Partial<IPublishPacket>): Buffer =>
  packetBytes(count, (number) => ({
    ...{ cmd: 'publish', topic: 'v1/noisy', payload: '', qos: 1, messageId: number + 1 },
    ...{ dup: false, retain: false, ...publish(number) },
  }))

const names = Array.from({ length: 256 }, (_, number) => `metric_${number}`)
const manyKeys = (number: number): string =>
  JSON.stringify(Object.fromEntries(names.map((name, place) => [name, 20 + ((number + place) % 100) / 10])))

/** What a client sends over and over, by the kind of it. */
const kinds: Readonly<Record<string, (clientId: string) => Buffer>> = {
  garbage: (id) => publishes(16, () => ({ topic: `v1/${id}`, payload: randomBytes(64_000) })),
  deepJson: (id) => {
    const payload = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`
    return publishes(16, () => ({ topic: `v1/${id}`, payload }))
  },
  manyKeys: (id) =>
    publishes(100, (number) => ({ topic: `v1/${id}-${number % 10}`, payload: manyKeys(number) })),
  smallPublishes: (id) =>
    publishes(10_000, (number) => ({ topic: `v1/${id}/value`, payload: `${20 + (number % 10) / 10}` })),
  pings: () => packetBytes(100_000, () => ({ cmd: 'pingreq' })),
  subscribes: () =>
    packetBytes(10_000, (number) => ({
      ...{ cmd: 'subscribe', messageId: number + 1 },
      subscriptions: [{ topic: `v2/${number % 100}`, qos: 0 }],
    })),
  oversize: (id) => publishes(1, () => ({ topic: `v1/${id}`, payload: randomBytes(4_000_000) })),
}
