import { filter, map, type Subscription } from 'rxjs'
import type { Nats } from '../../lib/nats/connect-nats.ts'

/** Says in words that a server which somebody named is not there, once for each reason. */
export const reportUnreachable = (nats: Nats, onNotice: (line: string) => void): Subscription =>
  nats.status
    .pipe(
      map(({ connected, detail }) => (connected ? '' : detail)),
      filter((detail) => detail.startsWith('no NATS server')),
    )
    .subscribe((detail) => onNotice(`${detail}; trying again until there is one`))
