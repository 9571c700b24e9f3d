import { createServer } from 'node:net'

/** The first port from `preferred` on that nothing listens on at `host`. Looks at 100 ports. */
export const freePort = async (preferred: number, host = '127.0.0.1'): Promise<number> => {
  const last = Math.min(preferred + 99, 65_535)
  for (let port = preferred; port <= last; port += 1) {
    if (await isFree(port, host)) return port
  }
  throw new Error(`no free port from ${preferred} to ${last} at ${host}; name another one`)
}

const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
