import { once } from 'node:events'
import { createServer } from 'node:net'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/** Listens on a port before `start --port` does. */
export const takenPort: HostileFault = {
  id: 'R14',
  what: 'a --port that another program has is an error: devices have it in their settings',
  async prove() {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { readonly port: number }
    const tidemark = await TidemarkProcess.spawn({ port })
    try {
      const { code, stderr } = await tidemark.ended
      const isNamed = stderr.includes(String(port))
      return { holds: code === 1 && isNamed && tidemark.stdout.length === 0, code, stderr }
    } finally {
      await tidemark.remove()
      other.close()
    }
  },
}
