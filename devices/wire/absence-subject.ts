import { subjectToken } from '../../lib/nats/subject-token.ts'
import type { DeviceAbsence } from './absence.ts'

/** Every device that falls silent or is back, as a NATS wildcard. */
export const absenceSubjects = 'absence.>'

/** NATS subject of an absence: `absence.<device>`, the name encoded so that it stays one token. */
export const absenceSubject = ({ device }: Pick<DeviceAbsence, 'device'>): string =>
  `absence.${subjectToken(device)}`
