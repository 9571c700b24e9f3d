import type { Observable } from 'rxjs'
import type { Anomaly } from '../devices/wire/anomaly.ts'
import { anomalySubjects } from '../devices/wire/anomaly-subject.ts'
import { subjectPrefix } from '../devices/wire/device-stream.ts'
import { readAnomaly } from '../devices/wire/read-anomaly.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import { eventFeed, type FeedContent, type FeedOptions } from './event-feed.ts'

export type AnomalyFeedOptions = Omit<FeedOptions, 'subject'> & {
  /** A NATS wildcard, all anomalies unless given. */
  readonly subject?: string
}

const anomalies: FeedContent<Anomaly> = { name: 'anomalies', read: ({ event }) => readAnomaly(event.data) }

/** Anomalies as they were published, and then as they come. */
export const anomalyFeed = (nats: Nats, options: AnomalyFeedOptions): Observable<Anomaly> =>
  eventFeed(nats, { subject: subjectPrefix(options.stream) + anomalySubjects, ...options }, anomalies)
