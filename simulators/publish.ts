import { metrics } from './metric.ts'

/** One message of one machine: all that its sensors read at one moment. */
export interface Publish {
  /** When it is sent, epoch milliseconds. After an outage later than when it was read. */
  readonly at: number
  /** Number of the machine, from 0, and its name. */
  readonly machine: number
  readonly device: string
  /** When it was read, by the machine's own clock. */
  readonly time: number
  /** In the order of `metrics`, rounded as the sensors transmit them. */
  readonly values: readonly number[]
}

/** Where a publish belongs on an MQTT broker. */
export const topicOf = ({ device }: Publish): string => `v1/${device}`

/** A publish as the JSON object that a device would send. */
export function payloadOf({ time, values }: Publish): string {
  let members = ''
  for (let i = 0; i < metrics.length; i++) members += `,"${metrics[i]!.name}":${values[i]}`
  return `{"time":${time}${members}}`
}
