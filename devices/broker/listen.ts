import type { AddressInfo, Server } from 'node:net'

/**
 * Resolves with where `server` listens. Rejects with what to change when it cannot; `code` is the system's,
 * such as EADDRINUSE. From then on each error of the server, such as a connection that could not be accepted
 * for want of file descriptors, is given to `onError`: it ends neither the server nor the process.
 */
export const listen = (
  server: Server,
  port: number,
  host: string,
  onError: (error: Error) => void,
): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      const { code = '' } = cause
      const words =
        reasons[code]?.(port, host) ?? `the broker cannot listen on ${host}:${port}: ${cause.message}`
      reject(Object.assign(new Error(words, { cause }), { code }))
    }
    server.once('error', refuse)
    server.listen(port, host, () => {
      server.off('error', refuse)
      server.on('error', onError)
      resolve(server.address() as AddressInfo)
    })
  })

const reasons: Readonly<Record<string, (port: number, host: string) => string>> = {
  EADDRINUSE: (port, host) =>
    `port ${port} of ${host} is taken by another program: end that, or choose another with port`,
  EACCES: (port) => `port ${port} needs more rights than this user has: choose one from 1024 with port`,
  EADDRNOTAVAIL: (_, host) => `host ${host} is no address of this machine: choose one of its own with host`,
  ENOTFOUND: (_, host) => `host ${host} is not known: choose an address of this machine with host`,
}
