import { AuthorizationError, TimeoutError, UserAuthenticationExpiredError } from 'nats'

/** How a connection stands. */
export type NatsState =
  /** The first attempt is under way. */
  | 'connecting'
  | 'connected'
  /** There was a connection, and the client tries to connect again. */
  | 'lost'
  /** Nothing that speaks NATS listens there. */
  | 'unreachable'
  /** Nothing answers there in time. */
  | 'silent'
  /** The server does not accept the credentials, or asks for some. */
  | 'refused'
  | 'closed'

/** The state of a connection, and what an operator should read of it. */
export interface NatsStatus {
  readonly state: NatsState
  readonly connected: boolean
  /** For a log line: the server's address, or why there is no connection. Never has a password. */
  readonly detail: string
}

export const statusOf = (state: NatsState, detail: string): NatsStatus => ({
  state,
  connected: state === 'connected',
  detail,
})

/** The status after an attempt to connect to `address` failed with `error`. */
export const statusAfter = (error: Error, address: string): NatsStatus => {
  const { message } = error
  if (isRefusal(error)) {
    const refused = `the NATS server at ${address} refused the credentials (${message})`
    return statusOf('refused', `${refused}: connect as a user that it accepts`)
  }
  if (error instanceof TimeoutError) return silentAt(address)
  return statusOf('unreachable', `no NATS server at ${address}: ${message}`)
}

/** The status when a server neither refuses the connection nor greets the client. */
export const silentAt = (address: string): NatsStatus =>
  statusOf(
    'silent',
    `the NATS server at ${address} does not answer: check the address and the firewall, or restart the server`,
  )

/** Whether the server refused to let the client in. */
export const isRefusal = (error: Error): boolean =>
  error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError
