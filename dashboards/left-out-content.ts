import { isNumber, isObject, isText } from '../devices/wire/field-types.ts'
import type { Reading } from '../devices/wire/reading.ts'

/** What the value of something left out tells: the fields of a reading, or those of a publish. */
export interface LeftOutContent extends Partial<Reading> {
  readonly topic?: string
  /** In base64. */
  readonly payload?: string
}

/** The device that `value` names, or its topic; dead letters of earlier versions have only a topic. */
export const deviceIn = (value: unknown): string => {
  const { device, topic } = leftOutContent(value)
  return device ?? /^v1\/([^/]+)/.exec(topic ?? '')?.[1] ?? ''
}

/** The fields of `value` that have the type they should have; the others count as missing. */
export const leftOutContent = (value: unknown): LeftOutContent => {
  if (!isObject(value)) return {}
  const { device, metric, value: number, time, topic, payload } = value
  return {
    ...(isText(device) ? { device } : {}),
    ...(isText(metric) ? { metric } : {}),
    ...(isNumber(number) ? { value: number } : {}),
    ...(isNumber(time) ? { time } : {}),
    ...(isText(topic) ? { topic } : {}),
    ...(isText(payload) ? { payload } : {}),
  }
}
