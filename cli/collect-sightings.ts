import { anomalyFeed } from '../dashboards/anomaly-feed.ts'
import { systemClock } from '../lib/time/wall-clock.ts'
import type { Sighting } from '../simulators/score-faults.ts'
import { sightings } from '../simulators/sightings.ts'
import { connectNow } from './nats/connect-now.ts'

/** Collects the anomalies that reach NATS from now on, each with the moment at which it was seen. */
export const collectSightings = async (
  url: string,
  stream: string,
  since: number,
  report: (line: string) => void,
): Promise<CollectedSightings> => {
  const nats = await connectNow(url, 'tidemark simulate')
  const seen: Sighting[] = []
  const anomalies = anomalyFeed(nats, { stream, since, report })
  const feed = sightings(anomalies, systemClock).subscribe((sighting) => seen.push(sighting))
  return {
    sightings: seen,
    async close() {
      feed.unsubscribe()
      await nats.close()
    },
  }
}

export interface CollectedSightings {
  readonly sightings: readonly Sighting[]
  close(): Promise<void>
}
