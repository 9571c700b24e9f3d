import { connectNats, type Nats } from '../../lib/nats/connect-nats.ts'

/**
 * Connects to a NATS server that has to be there.
 * @throws Error with the remedy when it is not, or does not let this user in.
 */
export const connectNow = (url: string, name: string): Promise<Nats> =>
  connectNats({ servers: url, firstConnect: 'fail', name }).catch((error: Error) => {
    throw new Error(`${error.message}; ${remedy}`)
  })

const remedy =
  'start it, or name another, with its user if it asks for one, as in NATS_URL=nats://user:password@host:4222'
