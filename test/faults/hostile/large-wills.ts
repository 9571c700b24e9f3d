import { setTimeout as wait } from 'node:timers/promises'
import { FloodClient } from '../../support/flood-client.ts'
import type { HostileFault } from './fault.ts'
import { proveMemoryBound } from './memory-bound.ts'

/** Connects many clients with wills as large as a packet may be, then cuts all of them off at once. */
export const largeWills: HostileFault = {
  id: 'R4',
  what: 'wills, connected or fired, are bounded: a CONNECT whose will does not fit is refused',
  prove: ({ scale, progress }) =>
    proveMemoryBound(async ({ port }) => {
      const count = scale === 'small' ? 400 : 2_000
      const clients: FloodClient[] = []
      const codes = new Map<number | undefined, number>()
      for (let round = 0; round < 2; round++) {
        for (let number = 0; number < count; number++) {
          const payload = Buffer.alloc(60_000, 'x')
          const will = { topic: `v1/press-${number}/status`, payload, qos: 1 as const, retain: false }
          const client = await FloodClient.connect(port, `press-${number}`, { will })
          codes.set(client.connack, (codes.get(client.connack) ?? 0) + 1)
          clients.push(client)
        }
        for (const client of clients.splice(0)) client.close()
        progress(`${count} clients with wills of 60,000 bytes, by CONNACK: ${JSON.stringify([...codes])}`)
        await wait(500)
      }
      return { codes: Object.fromEntries(codes) }
    }),
}
