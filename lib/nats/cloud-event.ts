/** A CloudEvents 1.0 event in structured mode: all of it is JSON, so any NATS client can read it. */
export interface CloudEvent {
  readonly specversion: '1.0'
  /** Equal to the message's `Nats-Msg-Id`. The same output always has the same id. */
  readonly id: string
  readonly source: string
  readonly type: string
  /** What it is about. Not there when nothing is known: an empty one is against the specification. */
  readonly subject?: string
  /** RFC 3339, in UTC. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: unknown
}

/** What a program may say about an event; whatever it leaves out has a default. */
export interface EventAttributes {
  /** Kind of event, such as `com.example.alarm.opened.v1`. */
  readonly type?: string
  /** URI reference of who says so. Default `/tidemark/<sink>`. */
  readonly source?: string
  /** What it is about. Default: the actor's key. */
  readonly subject?: string
  /** Epoch milliseconds. Default: the value's own `time` if it has one, else when its cause arrived. */
  readonly time?: number
}

export const encodeCloudEvent = (event: CloudEvent): Uint8Array => {
  const { data, ...attributes } = event
  // What JSON has no word for (undefined, a function) must not make the data disappear from the event.
  return Buffer.from(JSON.stringify({ ...attributes, data: data === undefined ? null : data }))
}

/**
 * A message as an event. Undefined when it is not JSON, or lacks what CloudEvents 1.0 requires of an event:
 * any client can publish anything to a stream. What `data` holds is not looked at.
 */
export const readCloudEvent = (payload: Uint8Array): CloudEvent | undefined => {
  try {
    const event: unknown = JSON.parse(Buffer.from(payload).toString())
    return isCloudEvent(event) ? event : undefined
  } catch {
    return undefined
  }
}

const isCloudEvent = (event: unknown): event is CloudEvent => {
  if (typeof event !== 'object' || event === null || !('data' in event)) return false
  const { specversion, id, source, type, subject } = event as Partial<Record<keyof CloudEvent, unknown>>
  return (
    specversion === '1.0' &&
    [id, source, type].every((each) => typeof each === 'string' && each !== '') &&
    // An earlier version wrote an empty subject where it knew none.
    (subject === undefined || typeof subject === 'string')
  )
}

/** `time` as RFC 3339 if it is one that a calendar has, else `otherwise`. */
export const eventTime = (time: number | undefined, otherwise: number): string =>
  new Date(
    time !== undefined && Math.abs(time) <= lastMoment && fourDigitYear(time) ? time : otherwise,
  ).toISOString()

/** A moment beyond what `Date` can hold. */
const lastMoment = 8.64e15

/** RFC 3339 has no room for the years before 0 and after 9999. */
const fourDigitYear = (time: number): boolean => time >= -62_167_219_200_000 && time < 253_402_300_800_000

/** The time a value carries, if it is an object that has one. */
export const timeOf = (value: unknown): number | undefined =>
  typeof value === 'object' && value !== null && 'time' in value && typeof value.time === 'number'
    ? value.time
    : undefined
