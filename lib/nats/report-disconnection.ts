import type { Subscription } from 'rxjs'
import type { Nats } from './connect-nats.ts'
import type { RelayReport } from './relay-report.ts'

/** Reports that there is no connection, once for each reason until there is one again. */
export const reportDisconnection = (nats: Nats, report: (report: RelayReport) => void): Subscription => {
  const said = new Set<string>()
  return nats.status.subscribe(({ state, connected, detail }) => {
    if (connected) said.clear()
    if (connected || state === 'connecting' || state === 'closed' || said.has(detail)) return
    said.add(detail)
    report({ kind: 'unreachable', message: `${detail}. What is to be published waits on the disk` })
  })
}
