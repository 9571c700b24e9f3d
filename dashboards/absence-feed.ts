import { map, type Observable } from 'rxjs'
import type { DeviceAbsence } from '../devices/wire/absence.ts'
import { absenceSubjects } from '../devices/wire/absence-subject.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import { eventFeed, type FeedOptions } from './event-feed.ts'

export type AbsenceFeedOptions = Omit<FeedOptions, 'subject'> & {
  /** A NATS wildcard, all devices unless given. */
  readonly subject?: string
}

/** Devices that fall silent and are back, as it was published, and then as it comes. */
export const absenceFeed = (nats: Nats, options: AbsenceFeedOptions): Observable<DeviceAbsence> =>
  eventFeed(nats, { subject: absenceSubjects, ...options }).pipe(
    map(({ event }) => event.data as DeviceAbsence),
  )
