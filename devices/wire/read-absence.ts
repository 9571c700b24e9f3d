import type { DeviceAbsence } from './absence.ts'
import { isMoment, isName, isObject, isOneOf } from './field-types.ts'

/** `data` as an absence, without any other field. Undefined when a field is missing or of another type. */
export const readAbsence = (data: unknown): DeviceAbsence | undefined => {
  if (!isAbsence(data)) return undefined
  const { device, phase, time, since } = data
  return { device, phase, time, since }
}

const phases: readonly DeviceAbsence['phase'][] = ['absent', 'returned']

const isAbsence = (data: unknown): data is DeviceAbsence =>
  isObject(data) &&
  isName(data['device']) &&
  isOneOf(phases, data['phase']) &&
  isMoment(data['time']) &&
  isMoment(data['since'])
