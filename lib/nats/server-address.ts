import type { ConnectionOptions } from 'nats'

/** Who connects: a user with a password, or a token. */
export type Credentials = Pick<ConnectionOptions, 'user' | 'pass' | 'token'>

/** Where servers are, and who connects. */
export interface ServerAddresses {
  /** Without user, password or token: fit to be shown. */
  readonly addresses: string[]
  readonly credentials: Credentials
}

/**
 * Reads `host:port`, `nats://user:password@host:port` or `nats://token@host:port`, several with commas
 * between them or in a list. The first credentials count for all.
 */
export function readServerAddresses(servers: string | readonly string[]): ServerAddresses {
  const read = [servers].flat().flatMap((text) => text.split(',').map((each) => readOne(each.trim())))
  return {
    addresses: read.map(({ address }) => address),
    credentials: read.find(({ credentials }) => credentials)?.credentials ?? {},
  }
}

/** As it may be shown to anybody. */
export const shownAddress = (servers: string): string => readServerAddresses(servers).addresses.join(',')

const readOne = (text: string): { readonly address: string; readonly credentials?: Credentials } => {
  const at = text.lastIndexOf('@')
  if (at < 0) return { address: text }
  const scheme = /^[a-z]+:\/\//i.exec(text)?.[0] ?? ''
  const [user = '', ...password] = text.slice(scheme.length, at).split(':').map(decoded)
  const credentials = password.length > 0 ? { user, pass: password.join(':') } : { token: user }
  return { address: scheme + text.slice(at + 1), credentials }
}

/** A password with a lone % is not encoded. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
