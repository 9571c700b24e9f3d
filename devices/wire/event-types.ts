import type { DeviceAbsence } from './absence.ts'
import type { Anomaly } from './anomaly.ts'

/** CloudEvents `type` of each phase of an episode. The last part is the version of the data's shape. */
export const anomalyEventTypes = {
  opened: 'dev.tidemark.anomaly.opened.v1',
  updated: 'dev.tidemark.anomaly.updated.v1',
  closed: 'dev.tidemark.anomaly.closed.v1',
} as const satisfies Record<Anomaly['phase'], string>

/** CloudEvents `type` of a device that has fallen silent, and of one that is back. */
export const absenceEventTypes = {
  absent: 'dev.tidemark.device.absent.v1',
  returned: 'dev.tidemark.device.returned.v1',
} as const satisfies Record<DeviceAbsence['phase'], string>

/** CloudEvents `type` of what was sent to a built-in output tag, by the tag's name. */
export const asideEventTypes = {
  late: 'dev.tidemark.reading.late.v1',
  quarantined: 'dev.tidemark.reading.quarantined.v1',
  dead: 'dev.tidemark.dead-letter.v1',
} as const
