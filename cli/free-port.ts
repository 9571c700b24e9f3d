import { createServer } from 'node:net'
import { portFailure, type WantedPort } from './port-failure.ts'

/** The first port from `preferred` on that nothing listens on at `host`. Looks at 100 ports. */
export const freePort = async (preferred: number, host = '127.0.0.1'): Promise<number> => {
  const last = Math.min(preferred + 99, 65_535)
  for (let port = preferred; port <= last; port += 1) {
    if (await isFree(port, host)) return port
  }
  throw new Error(`no free port from ${preferred} to ${last} at ${host}; name another one`)
}

/**
 * Resolves when nothing listens on the port at `host` and this user may.
 * @throws Error that says what to do when that is not so.
 */
export const requireFreePort = async (wanted: WantedPort, host = '127.0.0.1'): Promise<number> => {
  const error = await listeningError(wanted.port, host)
  if (error) throw portFailure(error, wanted)
  return wanted.port
}

const isFree = async (port: number, host: string): Promise<boolean> =>
  (await listeningError(port, host)) === undefined

const listeningError = (port: number, host: string): Promise<Error | undefined> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)))
  })
