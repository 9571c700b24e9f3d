import type { Aside } from '../actors/delivery.ts'
import type { Outcome } from '../actors/outcome.ts'
import type { Lineage } from '../state/lineage.ts'
import type { OutboxKey } from '../state/store.ts'
import { type CloudEvent, type EventAttributes, encodeCloudEvent, eventTime, timeOf } from './cloud-event.ts'
import type { OutboxMessage } from './outbox-message.ts'
import type { Refusal } from './refusal.ts'
import { idOfRow } from './row-id.ts'
import { defaultSideSubject, defaultSideType, type SideOutput } from './side-output.ts'
import { isSubject, type SubjectOf } from './subject-under.ts'

export interface MessageOptions<Out> {
  /** Where each value goes. Make it with `subjectUnder`, or encode every name with `subjectToken`. */
  readonly subject: SubjectOf<Out>
  /**
   * Where side outputs go. Default `late.<key>`, `quarantined.<key>`, `dead.<key>`, and `side.<tag>.<key>`
   * for a tag of the application, below the name of their stream unless the sink's stream is `tidemark`.
   */
  readonly sideSubject?: SubjectOf<SideOutput>
  /** What the event of a value says of it. */
  readonly event?: (value: Out, outcome: Outcome<Out>) => EventAttributes
  /**
   * What the event of a side output says of it. Default types: `dev.tidemark.late.v1` and so on,
   * `dev.tidemark.side.v1` for a tag of the application.
   */
  readonly sideEvent?: (side: SideOutput) => EventAttributes
  /** Default: JSON. */
  readonly encode?: (event: CloudEvent) => Uint8Array
}

/** What a stream takes of a dead letter. */
export interface LetterRoom {
  readonly takes: (subject: string) => boolean
  /** Bytes of the payload. */
  readonly bytes: number
}

/** Bytes of a refused message that its dead letter has, if there is room for them. */
const beginningKept = 16_384

/** Turns what a turn produced into messages. */
export class MessageWriter<Out> {
  private readonly options: MessageOptions<Out>
  private readonly store: Lineage
  private readonly source: string
  private readonly sideSubject: SubjectOf<SideOutput>
  private readonly encode: (event: CloudEvent) => Uint8Array

  constructor(options: MessageOptions<Out>, store: Lineage, sink: string) {
    this.options = options
    this.store = store
    this.source = `/tidemark/${encodeURIComponent(sink)}`
    this.sideSubject = options.sideSubject ?? defaultSideSubject
    this.encode = options.encode ?? encodeCloudEvent
  }

  /** The message of a value, or, of one that cannot be a message, the dead letter that it becomes. */
  ofValue(value: Out, outcome: Outcome<Out>, place: number): OutboxMessage | Aside {
    const { key, position, arrival } = outcome
    try {
      const subject = this.options.subject(value)
      if (!isSubject(subject)) throw new Error(`subject ${JSON.stringify(subject)} cannot be published to`)
      const attributes = this.options.event?.(value, outcome) ?? {}
      const event = this.event(
        { position, index: outcome.numberOf(place) },
        { subject: key, ...attributes },
        'dev.tidemark.output.v1',
        value,
        arrival,
      )
      return { subject, key, payload: this.encode(event) }
    } catch (error) {
      const reason = `the output could not be made a message: ${error instanceof Error ? error.message : error}`
      return { tag: 'dead', value, reason }
    }
  }

  /**
   * What takes the place of a message that the stream refused, with as much of its beginning as there is
   * room for, at most 16 kB. It goes where dead letters go, unless `to` says where and the stream takes that,
   * or takes neither.
   */
  deadLetterOf(
    message: OutboxMessage,
    row: OutboxKey,
    { code, description }: Refusal,
    arrival: number,
    { takes, bytes }: LetterRoom,
    to: SubjectOf<SideOutput> = this.sideSubject,
  ): OutboxMessage {
    const { subject, key, payload } = message
    const reason = `the stream did not take the message: ${description}${code ? ` (${code})` : ''}`
    const letterWith = (kept: number): OutboxMessage => {
      const beginning = Buffer.from(payload.subarray(0, kept)).toString('base64')
      const value = { subject, bytes: payload.length, beginning }
      const side: SideOutput = { tag: 'dead', key, value, reason }
      const subjects = [to, this.sideSubject]
      return this.sideMessage(side, row, arrival, subjects.find((each) => takes(each(side))) ?? to)
    }
    const kept = Math.min(payload.length, beginningKept)
    const letter = letterWith(kept)
    const excess = letter.payload.length - bytes
    // Four characters of base64 are three bytes.
    return excess > 0 ? letterWith(Math.max(0, kept - 3 * Math.ceil(excess / 4 + 1))) : letter
  }

  ofAside({ tag, value, reason }: Aside, outcome: Outcome<Out>, place: number): OutboxMessage {
    const { key, position, arrival } = outcome
    const row = { position, index: outcome.numberOf(place) }
    try {
      return this.sideMessage({ tag, key, value, reason }, row, arrival)
    } catch (error) {
      const lost = `${reason}; nor could it be encoded: ${error instanceof Error ? error.message : error}`
      return this.plainMessage({ tag, key, value: null, reason: lost }, row, arrival)
    }
  }

  /** One that nothing of what was given to the sink has a part in, and that can always be made. */
  private plainMessage(side: SideOutput, row: OutboxKey, arrival: number): OutboxMessage {
    const { tag, key, value, reason } = side
    const event = this.event(row, { subject: key }, defaultSideType(tag), { reason, value }, arrival)
    return { subject: defaultSideSubject(side), key, payload: encodeCloudEvent(event) }
  }

  private sideMessage(
    side: SideOutput,
    row: OutboxKey,
    arrival: number,
    to: SubjectOf<SideOutput> = this.sideSubject,
  ): OutboxMessage {
    const attributes = this.options.sideEvent?.(side) ?? {}
    const { value, reason } = side
    const time = timeOf(value)
    const about = { subject: side.key, ...(time === undefined ? {} : { time }), ...attributes }
    const event = this.event(row, about, defaultSideType(side.tag), { reason, value }, arrival)
    const own = to(side)
    const subject = isSubject(own) ? own : defaultSideSubject(side)
    return { subject, key: side.key, payload: this.encode(event) }
  }

  private event(
    row: OutboxKey,
    { type, source = this.source, subject, time }: EventAttributes,
    defaultType: string,
    data: unknown,
    arrival: number,
  ): CloudEvent {
    return {
      specversion: '1.0',
      id: idOfRow(this.store, row),
      source,
      type: type ?? defaultType,
      // An empty subject is not allowed: an event that is about nothing known has none.
      ...(subject ? { subject } : {}),
      time: eventTime(time ?? timeOf(data), arrival),
      datacontenttype: 'application/json',
      data,
    }
  }
}
