import { subjectToken } from '../../lib/nats/subject-token.ts'
import type { Anomaly } from './anomaly.ts'

/** All anomalies of all devices, as a NATS wildcard. */
export const anomalySubjects = 'anomaly.>'

/** NATS subject of an anomaly: `anomaly.<device>.<metric>`, each name encoded so that it stays one token. */
export const anomalySubject = ({ device, metric }: Pick<Anomaly, 'device' | 'metric'>): string =>
  `anomaly.${subjectToken(device)}.${subjectToken(metric)}`
