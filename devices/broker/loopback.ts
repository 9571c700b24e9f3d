import { isIPv4 } from 'node:net'

/** Whether `host`, a name or an address, is reachable from this machine alone. */
export const isLoopback = (host: string): boolean => {
  const address = host.startsWith('::ffff:') ? host.slice('::ffff:'.length) : host
  return address === 'localhost' || address === '::1' || (isIPv4(address) && address.startsWith('127.'))
}
