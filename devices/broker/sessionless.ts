import { Readable } from 'node:stream'

/**
 * What Aedes asks of a persistence, for a broker that keeps no sessions: nothing is queued for a client that
 * is not connected, so nothing can grow while it is away. Publishes and acknowledgements do not reach Aedes,
 * retained messages are sent by the fan-out, and wills are kept by their clients. Methods that Aedes calls
 * for persistent sessions alone are left out: every session is made a clean one.
 */
export class Sessionless {
  async setup(): Promise<void> {}
  async destroy(): Promise<void> {}

  outgoingStream = (): Readable => Readable.from([])
  cleanSubscriptions = (): Promise<void> => settled
  createRetainedStreamCombi = (): Readable => Readable.from([])
  putWill = (): Promise<void> => settled
  delWill = (): Promise<void> => settled
  streamWill = (): Readable => Readable.from([])
}

const settled = Promise.resolve()
