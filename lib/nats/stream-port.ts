import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from 'nats'
import type { Observable } from 'rxjs'
import { newestRow } from './newest-row.ts'
import { type PublishViolation, publishViolations } from './publish-violations.ts'
import { type Answer, type Line, openLine } from './stream-line.ts'
import { namespaceOf, type StreamOptions, streamConfig } from './stream-options.ts'
import type { Confirmed, StreamState } from './stream-place.ts'
import { ensureStream, prefixFor, type SubjectRules, takesSubject } from './stream-subjects.ts'

/** What a look at the stream shows, and what had to be done for it. */
export interface StreamLook extends StreamState {
  /** The stream did not exist and was made. */
  readonly made: boolean
  /** Whether the stream takes a subject, given without `prefix`. */
  readonly takes: (subject: string) => boolean
  /** Goes before every subject: empty, or the stream's own name where it takes them only below that. */
  readonly prefix: string
  /** What became of subjects that the stream lacked, in words; undefined when it lacks none. */
  readonly subjects?: string | undefined
  /** Newest messages that no store wrote, passed over to find the last row. */
  readonly strays: number
  /** Largest message that server and stream take, headers included, in bytes. */
  readonly maxMessageBytes: number
}

/** One stream as its only writer needs it. */
export interface StreamPort {
  readonly stream: string
  /**
   * Makes the stream when it is missing, and adds subjects that it lacks. Rejects when the server does not
   * answer or has no JetStream.
   */
  look(confirmed: Confirmed | undefined): Promise<StreamLook>
  /** `violated` is called with the subject of each message that the server does not let this user publish. */
  open(answered: (number: number, answer: Answer) => void, violated: (subject: string) => void): Promise<Line>
}

export interface PortOptions extends Omit<SubjectRules, 'add'> {
  /** Ids of messages that count as written by no store. */
  readonly takeOver?: readonly string[] | undefined
}

export const streamPort = (
  connection: Promise<NatsConnection>,
  options: StreamOptions,
  { takeOver = [], ...rules }: PortOptions = {},
): StreamPort => {
  const config = streamConfig(options)
  const { name } = config
  const namespace = namespaceOf(options)
  let violations: Observable<PublishViolation> | undefined
  return {
    stream: name,
    async look(confirmed) {
      const nats = await connection
      const manager = await jetstreamManager(nats, { checkAPI: false })
      const { info, made, said } = await ensureStream(manager, config, { add: options.addSubjects, ...rules })
      const same = confirmed?.created === info.created && confirmed.sequence <= info.state.last_seq
      const floor = same ? confirmed.sequence : 0
      const { last, strays } = await newestRow(manager, info, floor, takeOver)
      const { max_msg_size: ofStream = -1 } = info.config
      const ofServer = nats.info?.max_payload ?? 2 ** 20
      const maxMessageBytes = ofStream > 0 ? Math.min(ofServer, ofStream) : ofServer
      const { created, state } = info
      // A stream that may not be edited may still take only what it took before it was namespaced.
      const isBelow = config.subjects.some((subject) => takesSubject(info, subject))
      const prefix = isBelow && namespace ? namespace : prefixFor(config, info)
      return {
        created,
        lastSequence: state.last_seq,
        last,
        strays,
        made,
        subjects: said,
        takes: (subject) => takesSubject(info, prefix + subject),
        prefix,
        maxMessageBytes,
      }
    },
    async open(answered, violated) {
      const nats = await connection
      violations ??= publishViolations(nats)
      const listening = violations.subscribe(({ subject }) => violated(subject))
      const { publish, close } = openLine(nats, name, answered)
      return {
        publish,
        close() {
          listening.unsubscribe()
          close()
        },
      }
    },
  }
}
