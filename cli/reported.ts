import { filter, map, merge, type Observable } from 'rxjs'
import { absenceFeed } from '../dashboards/absence-feed.ts'
import { anomalyFeed } from '../dashboards/anomaly-feed.ts'
import { leftOutFeed } from '../dashboards/left-out-feed.ts'
import { absenceLine } from '../dashboards/terminal/absence-line.ts'
import { episodeLine } from '../dashboards/terminal/episode-line.ts'
import { leftOutLine } from '../dashboards/terminal/left-out-line.ts'
import { absenceSubject, absenceSubjects } from '../devices/wire/absence-subject.ts'
import type { Anomaly } from '../devices/wire/anomaly.ts'
import { anomalySubjects } from '../devices/wire/anomaly-subject.ts'
import { subjectPrefix } from '../devices/wire/device-stream.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import { subjectToken } from '../lib/nats/subject-token.ts'

/** Something that was published: for a program, and as a line for a person, which tells `time` of day. */
export interface Reported {
  readonly time: number
  readonly content: object
  readonly line: string
}

export interface ReportedOptions {
  /** Of the anomalies. */
  readonly stream: string
  /** Wall time from which on it is wanted, by when the stream took it. */
  readonly since: number
  /** All unless given. */
  readonly device?: string | undefined
  /** Receives a line with the number of messages that could not be read. */
  readonly report: (line: string) => void
  /** Undefined while more is wanted at once; else resolves when it is. */
  readonly room?: () => Promise<void> | undefined
}

/** Anomalies for which `isShown`, and devices that fall silent or are back, in the order of arrival. */
export const reportedAnomalies = (
  nats: Nats,
  { device, ...wanted }: ReportedOptions,
  isShown: (anomaly: Anomaly) => boolean,
): Observable<Reported> => {
  const prefix = subjectPrefix(wanted.stream)
  const subject = prefix + (device === undefined ? anomalySubjects : `anomaly.${subjectToken(device)}.>`)
  const absences = prefix + (device === undefined ? absenceSubjects : absenceSubject({ device }))
  return merge(
    anomalyFeed(nats, { ...wanted, subject }).pipe(
      filter(isShown),
      map((anomaly) => ({ time: anomaly.time, content: anomaly, line: episodeLine(anomaly) })),
    ),
    absenceFeed(nats, { ...wanted, subject: absences }).pipe(
      map((absence) => ({ time: absence.time, content: absence, line: absenceLine(absence) })),
    ),
  )
}

/** What was late, quarantined or could not be read, with the time when it was taken. */
export const reportedLeftOut = (nats: Nats, { device, ...wanted }: ReportedOptions): Observable<Reported> =>
  leftOutFeed(nats, wanted).pipe(
    filter((each) => device === undefined || each.device === device),
    map((each) => ({ time: each.time, content: each, line: leftOutLine(each) })),
  )
