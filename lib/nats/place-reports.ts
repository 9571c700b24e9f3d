import type { OutboxKey } from '../state/store.ts'
import type { RelayReport } from './relay-report.ts'
import { compareKeys } from './row-id.ts'
import type { Confirmed, Place } from './stream-place.ts'
import type { StreamLook } from './stream-port.ts'

/** What was known before the stream was looked at: its name, its newest row, the newest row that is gone. */
interface Known {
  readonly stream: string
  readonly confirmed: Confirmed | undefined
  readonly removed: OutboxKey | undefined
}

/** What an operator wants to know of the place that was found. `key` is the newest row confirmed there. */
export function reportsOf(
  look: StreamLook,
  place: Place,
  key: OutboxKey | undefined,
  { stream, confirmed, removed }: Known,
): RelayReport[] {
  const reports: RelayReport[] = []
  const say = (kind: RelayReport['kind'], message: string): void =>
    void reports.push({ kind, message: `stream "${stream}" ${message}` })
  if (look.strays > 0) {
    say(
      'strays',
      `ends in ${look.strays} messages that no store wrote; passed over. A stream should have one writer`,
    )
  }
  if (place.kind === 'taken') return reports
  if (place.found === 'restored') {
    say(
      'restored',
      'holds what the store before this one published after the backup: going on behind that, with the ' +
        'outputs of what is taken from now on',
    )
  }
  if (place.found === 'taken over') {
    say('resumed', `goes on behind what store "${look.last?.id.epoch}" wrote, which this one took over from`)
  }
  if (look.made && !confirmed) say('made', 'did not exist and was made')
  if (place.found === 'recreated') {
    say(
      'recreated',
      `is not the one of ${confirmed?.created}: going on after the last row that one confirmed`,
    )
  }
  if (place.found === 'purged' && confirmed) {
    say('purged', 'holds no row any more, purged or expired: going on after the last one it confirmed')
  }
  if (place.found === 'tail lost') {
    const lost = (confirmed?.sequence ?? 0) - look.lastSequence
    say('tail lost', `lost its newest ${lost} messages, most likely in a power cut: they are sent again`)
    if (removed && (!key || compareKeys(key, removed) < 0)) {
      say(
        'tail lost',
        'lost more than its sync interval: rows up to that age are gone. Lengthen syncInterval',
      )
    }
  }
  return reports
}
