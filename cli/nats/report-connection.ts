import type { Subscription } from 'rxjs'
import type { Nats } from '../../lib/nats/connect-nats.ts'

/**
 * Reports why there is no connection to the NATS server, once for each reason until there is one, and then
 * that there is. `meanwhile` says what happens until then.
 */
export const reportConnection = (
  nats: Nats,
  onNotice: (line: string) => void,
  meanwhile = 'trying again',
): Subscription => {
  const said = new Set<string>()
  return nats.status.subscribe(({ state, connected, detail }) => {
    if (connected && said.size > 0) {
      said.clear()
      onNotice(`connected to the NATS server at ${detail}`)
    }
    if (connected || state === 'connecting' || state === 'closed' || said.has(detail)) return
    said.add(detail)
    onNotice(`${detail}${state === 'refused' ? `, ${remedy}` : ''}; ${meanwhile}`)
  })
}

const remedy = 'as in NATS_URL=nats://user:password@host:4222'
