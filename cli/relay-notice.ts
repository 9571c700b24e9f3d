import { plainText } from '../dashboards/terminal/plain-text.ts'
import type { RelayReport } from '../lib/nats/relay-report.ts'
import { parseRowId } from '../lib/nats/row-id.ts'
import { commandName } from './command-name.ts'
import { natsUrlPrefix } from './options/nats-url.ts'
import { dataOptionFor, shellWord } from './options/shared-options.ts'

/** Passes on what the relay reports, except that there is no connection: `reportConnection` does that. */
export const relayNotices =
  (data: string, onNotice: (line: string) => void) =>
  (report: RelayReport): void => {
    if (report.kind !== 'unreachable') onNotice(relayNotice(report, data))
  }

/** A report of the relay as a notice of the command that runs on data folder `data`. */
export const relayNotice = ({ message, taken }: RelayReport, data: string): string => {
  if (!taken) return plainText(message)
  const { stream, reason, takeOver } = taken
  const option = dataOptionFor(data)
  // A row's id is that of one message; what has none names a store.
  const remedy = parseRowId(takeOver)
    ? 'If nothing else writes to the stream, stop this tidemark and run: ' +
      `${natsUrlPrefix()}${commandName} start${option} --take-over ${shellWord(takeOver)}`
    : 'For a stream of its own, start this tidemark with --stream and a name. If the other one is gone, because its ' +
      'data folder was deleted or moved, stop this tidemark, run this command and start it again: ' +
      `${natsUrlPrefix()}${commandName} takeover${option}`
  return plainText(
    `nothing is published to stream "${stream}": ${reason}. Readings are acknowledged meanwhile, and what they ` +
      `cause waits on the disk. ${remedy}`,
  )
}
