import { readingTopic } from '../../devices/wire/reading-topic.ts'
import type { RecordedLine } from './recorded-line.ts'
import { timeStamp } from './time-stamp.ts'

export interface RecordedPublish {
  readonly topic: string
  readonly payload: string
}

/** A recorded line as its device would have published it: all its metrics in one JSON object. */
export const recordedPublishes = ({ readings }: RecordedLine): RecordedPublish[] => {
  const [first] = readings
  if (!first) return []
  const { device, time } = first
  const together = readings.filter(({ metric }) => metric !== stampField)
  const alone = readings.filter(({ metric }) => metric === stampField)
  const publish = (topic: string, fields: readonly (readonly [string, number])[]): RecordedPublish => ({
    topic,
    payload: `{${[[stampField, timeStamp(time)] as const, ...fields].map(member).join(',')}}`,
  })
  return [
    ...(together.length > 0
      ? [
          publish(
            readingTopic(device),
            together.map(({ metric, value }) => [metric, value] as const),
          ),
        ]
      : []),
    // A metric of that very name would be taken for the time.
    ...alone.map(({ metric, value }) => publish(readingTopic(device, metric), [['value', value]])),
  ]
}

const stampField = 'ts'

const member = ([name, value]: readonly [string, string | number]): string =>
  `${JSON.stringify(name)}:${JSON.stringify(value)}`
