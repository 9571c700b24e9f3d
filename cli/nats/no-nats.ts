import { BehaviorSubject } from 'rxjs'
import type { Nats } from '../../lib/nats/connect-nats.ts'
import { statusOf } from '../../lib/nats/nats-status.ts'

/** What there is without a NATS server: whatever is to be published waits in the store. */
export const noNats = (): Nats => {
  const status = new BehaviorSubject(statusOf('unreachable', 'there is no NATS server'))
  return { status, connected: false, connection: new Promise(() => {}), close: async () => status.complete() }
}
