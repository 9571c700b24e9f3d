import type { Anomaly } from './anomaly.ts'
import { isMoment, isName, isNumber, isObject, isOneOf } from './field-types.ts'

/**
 * `data` as an anomaly, without any field that an anomaly does not have. Undefined when a field is missing or
 * of another type: any NATS client can publish to `anomaly.>`.
 */
export const readAnomaly = (data: unknown): Anomaly | undefined => {
  if (!isAnomaly(data)) return undefined
  const { device, metric, phase, status, time, since, value, score, detector } = data
  const { mean, standardDeviation, count } = data.baseline
  const { start, end } = data.window
  return {
    device,
    metric,
    phase,
    status,
    time,
    since,
    value,
    score,
    detector,
    baseline: { mean, standardDeviation, count },
    window: { start, end },
  }
}

const phases: readonly Anomaly['phase'][] = ['opened', 'updated', 'closed']
const statuses: readonly Anomaly['status'][] = ['provisional', 'confirmed', 'withdrawn']
const detectors: readonly Anomaly['detector'][] = ['reading', 'minute', 'spread']

const isAnomaly = (data: unknown): data is Anomaly =>
  isObject(data) &&
  isName(data['device']) &&
  isName(data['metric']) &&
  isOneOf(phases, data['phase']) &&
  isOneOf(statuses, data['status']) &&
  isMoment(data['time']) &&
  isMoment(data['since']) &&
  isNumber(data['value']) &&
  isNumber(data['score']) &&
  isOneOf(detectors, data['detector']) &&
  isBaseline(data['baseline']) &&
  isWindow(data['window'])

const isBaseline = (data: unknown): data is Anomaly['baseline'] =>
  isObject(data) && isNumber(data['mean']) && isNumber(data['standardDeviation']) && isNumber(data['count'])

const isWindow = (data: unknown): data is Anomaly['window'] =>
  isObject(data) && isMoment(data['start']) && isMoment(data['end'])
