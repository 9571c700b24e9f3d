import { absenceFeed } from '../dashboards/absence-feed.ts'
import { anomalyFeed } from '../dashboards/anomaly-feed.ts'
import { absenceLine } from '../dashboards/terminal/absence-line.ts'
import { episodeLine } from '../dashboards/terminal/episode-line.ts'
import { openingsOnly } from '../dashboards/terminal/openings-only.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import { standardOutput } from './output/standard-output.ts'

export interface ShowEventsOptions {
  readonly stream: string
  /** Wall time from which on events are shown, epoch milliseconds. */
  readonly since: number
  /** One JSON object a line instead of sentences. */
  readonly json: boolean
  readonly onNotice: (line: string) => void
}

/** Prints anomalies and absences as they are published. The returned function ends that. */
export const showEvents = (
  nats: Nats,
  { stream, since, json, onNotice }: ShowEventsOptions,
): (() => void) => {
  // Devices do not depend on the reader of this output: it may be slow, and it may end.
  const print = (line: string): void => void standardOutput.print(line).catch(() => {})
  const isNews = openingsOnly()
  const wanted = { stream, since, report: onNotice, room: () => standardOutput.room }
  const feed = anomalyFeed(nats, wanted).subscribe((anomaly) => {
    if (!isNews(anomaly)) return
    print(json ? JSON.stringify({ event: 'anomaly', ...anomaly }) : episodeLine(anomaly))
  })
  feed.add(
    absenceFeed(nats, wanted).subscribe((absence) =>
      print(json ? JSON.stringify({ event: 'absence', ...absence }) : absenceLine(absence)),
    ),
  )
  return () => feed.unsubscribe()
}
