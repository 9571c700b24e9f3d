import { filter, firstValueFrom, map, merge, timer } from 'rxjs'
import type { Nats } from '../../lib/nats/connect-nats.ts'
import type { Duration } from '../../lib/time/duration.ts'

/** Whether there is a connection once the first attempt has ended, or after `limit`. */
export const isReached = (nats: Nats, limit: Duration): Promise<boolean> =>
  firstValueFrom(
    merge(nats.status.pipe(filter(({ state }) => state !== 'connecting')), timer(limit)).pipe(
      map(() => nats.connected),
    ),
  )
