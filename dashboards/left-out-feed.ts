import { map, merge, type Observable } from 'rxjs'
import type { AsideKind } from '../lib/actors/delivery.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import { eventFeed, type FeedOptions } from './event-feed.ts'

/** Something that was published by a device and reached no baseline. */
export interface LeftOut {
  readonly kind: AsideKind
  /** The device, empty where that could not be told. */
  readonly device: string
  /** When the stream took it, epoch milliseconds. */
  readonly time: number
  readonly reason: string
  /** A reading, or the topic and payload of what is none. */
  readonly value: unknown
}

const kinds: readonly AsideKind[] = ['late', 'quarantined', 'dead']

/** What was late, has a time not to be trusted or could not be read: as published, and then as it comes. */
export const leftOutFeed = (nats: Nats, options: Omit<FeedOptions, 'subject'>): Observable<LeftOut> =>
  merge(
    // One consumer for each: servers before 2.10 know a single filter only.
    ...kinds.map((kind) =>
      eventFeed(nats, { ...options, subject: `${kind}.>` }).pipe(
        map(({ event, taken }): LeftOut => {
          const { reason, value } = event.data as Pick<LeftOut, 'reason' | 'value'>
          return { kind, device: event.subject, time: taken, reason, value }
        }),
      ),
    ),
  )
