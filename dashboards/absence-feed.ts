import type { Observable } from 'rxjs'
import type { DeviceAbsence } from '../devices/wire/absence.ts'
import { absenceSubjects } from '../devices/wire/absence-subject.ts'
import { subjectPrefix } from '../devices/wire/device-stream.ts'
import { readAbsence } from '../devices/wire/read-absence.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import { eventFeed, type FeedContent, type FeedOptions } from './event-feed.ts'

export type AbsenceFeedOptions = Omit<FeedOptions, 'subject'> & {
  /** A NATS wildcard, all devices unless given. */
  readonly subject?: string
}

const absences: FeedContent<DeviceAbsence> = {
  name: 'absences',
  read: ({ event }) => readAbsence(event.data),
}

/** Devices that fall silent and are back, as it was published, and then as it comes. */
export const absenceFeed = (nats: Nats, options: AbsenceFeedOptions): Observable<DeviceAbsence> =>
  eventFeed(nats, { subject: subjectPrefix(options.stream) + absenceSubjects, ...options }, absences)
