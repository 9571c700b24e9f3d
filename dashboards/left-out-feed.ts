import { merge, type Observable } from 'rxjs'
import { deviceStream, subjectPrefix } from '../devices/wire/device-stream.ts'
import { isObject, isText } from '../devices/wire/field-types.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import { undeliveredSubject } from '../lib/nats/side-output.ts'
import { rejectedName } from '../lib/nats/sink-streams.ts'
import { eventFeed, type FeedOptions } from './event-feed.ts'
import { deviceIn } from './left-out-content.ts'

const kinds = ['late', 'quarantined', 'dead'] as const

/** Name of the output tag that something left out went to. */
export type LeftOutKind = (typeof kinds)[number]

/** `name` if it is that of such a tag. */
export const leftOutKind = (name: string | undefined): LeftOutKind | undefined =>
  kinds.find((each) => each === name)

/** Something that was published by a device and reached no baseline. */
export interface LeftOut {
  readonly kind: LeftOutKind
  /** The device, empty where that could not be told. */
  readonly device: string
  /** When the stream took it, epoch milliseconds. */
  readonly time: number
  readonly reason: string
  /** A reading, or the topic and payload of what is none, or anything else: `leftOutContent` reads it. */
  readonly value: unknown
}

/**
 * What was late, has a time not to be trusted or could not be read: as published, and then as it comes; and
 * the dead letters of outputs that the stream refused. `stream` is that of the anomalies.
 */
export const leftOutFeed = (nats: Nats, options: Omit<FeedOptions, 'subject'>): Observable<LeftOut> => {
  const { stream } = options
  const rejected = rejectedName(stream)
  const [undelivered = ''] = undeliveredSubject(deviceStream(stream)).patterns ?? []
  return merge(
    eventFeed(
      nats,
      { ...options, stream: rejected, subject: '>' },
      {
        name: 'rejected values',
        read: ({ event, subject, taken }) => {
          const kind = kindIn(subject, rejected)
          return kind && readLeftOut(kind, taken, event.data, event.subject)
        },
      },
    ),
    eventFeed(
      nats,
      { ...options, subject: subjectPrefix(stream) + undelivered },
      {
        name: 'undelivered anomalies',
        read: ({ event, taken }) => readLeftOut('dead', taken, event.data, event.subject),
      },
    ),
  )
}

/** `late.press-7` is late; so is `<stream>.late.press-7`, in a stream of another name than the default. */
const kindIn = (subject: string, stream: string): LeftOutKind | undefined => {
  const [kind] = subject.replace(`${stream}.`, '').split('.')
  return leftOutKind(kind)
}

/** Undefined for `data` that gives no reason, or that is nested too deep to be written as JSON again. */
export const readLeftOut = (
  kind: LeftOutKind,
  time: number,
  data: unknown,
  device = '',
): LeftOut | undefined => {
  if (!isObject(data) || !isText(data['reason']) || !isNestedUpTo(deepest, data['value'])) return undefined
  const { reason, value } = data
  return { kind, device: device || deviceIn(value), time, reason, value }
}

/** Levels of a value. Thousands would overflow the stack of `JSON.stringify`. */
const deepest = 100

const isNestedUpTo = (levels: number, value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((each) => isNestedUpTo(levels - 1, each)))
