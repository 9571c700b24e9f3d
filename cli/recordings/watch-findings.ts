import { filter } from 'rxjs'
import { anomalyFeed } from '../../dashboards/anomaly-feed.ts'
import { leftOutFeed } from '../../dashboards/left-out-feed.ts'
import { type Duration, seconds } from '../../lib/time/duration.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import { pause } from '../../simulators/pause.ts'
import { connectNow } from '../nats/connect-now.ts'
import type { Findings } from './findings.ts'

/** When nothing has been published for so long after the last acknowledgement, all has been. */
const quiet: Duration = seconds(1.5)

export interface WatchedFindings {
  /** Resolves when what was sent has come out on the other side. */
  settled(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * Adds to `findings` what reaches NATS from now on about `devices`.
 * @throws Error in words when there is no NATS server at `url`.
 */
export const watchFindings = async (
  url: string,
  stream: string,
  findings: Findings,
  devices: ReadonlySet<string>,
): Promise<WatchedFindings> => {
  const nats = await connectNow(url, 'tidemark replay')
  const report = (line: string): void => console.error(line)
  const from = { stream, since: systemClock.now(), report }
  let heard = systemClock.monotonic()
  const status = nats.status.subscribe(({ connected }) => {
    if (!connected) findings.isComplete = false
  })
  const anomalies = anomalyFeed(nats, from)
    .pipe(filter(({ device }) => devices.has(device)))
    .subscribe((anomaly) => {
      heard = systemClock.monotonic()
      findings.add(anomaly)
    })
  const leftOut = leftOutFeed(nats, from)
    .pipe(filter(({ device }) => devices.has(device)))
    .subscribe((each) => {
      heard = systemClock.monotonic()
      findings.addLeftOut(each)
    })
  return {
    async settled(signal) {
      heard = systemClock.monotonic()
      for (let left = quiet; left > 0 && !signal.aborted; left = heard + quiet - systemClock.monotonic())
        await pause(systemClock, left, signal)
    },
    async close() {
      status.unsubscribe()
      anomalies.unsubscribe()
      leftOut.unsubscribe()
      await nats.close()
    },
  }
}
