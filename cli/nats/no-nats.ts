import { BehaviorSubject } from 'rxjs'
import type { Nats } from '../../lib/nats/connect-nats.ts'

/** What there is without a NATS server: whatever is to be published waits in the store. */
export const noNats = (): Nats => {
  const status = new BehaviorSubject({ connected: false, detail: 'there is no NATS server' })
  return { status, connected: false, connection: new Promise(() => {}), close: async () => status.complete() }
}
