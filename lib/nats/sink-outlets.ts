import type { NatsConnection } from 'nats'
import type { Store } from '../state/store.ts'
import { coversSubject } from './covers-subject.ts'
import { decodeOutboxMessage } from './outbox-message.ts'
import { type SideOutput, undeliveredSubject } from './side-output.ts'
import { rejectedName, type SinkStreams } from './sink-streams.ts'
import type { StreamOptions } from './stream-options.ts'
import { type StreamPort, streamPort } from './stream-port.ts'
import type { SubjectOf } from './subject-under.ts'
import { unconfirmedRows } from './waiting-rows.ts'

/** One outbox, and the stream that it is published to. */
export interface Outlet {
  /** Name of the outbox in the store. */
  readonly sink: string
  readonly port: StreamPort
  /** Where the dead letter of a row goes that the stream refused, if not where dead letters go. */
  readonly refusedTo?: SubjectOf<SideOutput>
}

export interface SinkOutlets {
  readonly values: Outlet
  /** Undefined when what is rejected goes where values go. */
  readonly rejected?: Outlet
}

/** The outboxes of the sink called `sink`, each with its stream. */
export const sinkOutlets = (
  connection: Promise<NatsConnection>,
  store: Store,
  sink: string,
  { values, rejected }: SinkStreams,
  takeOver: readonly string[] = [],
): SinkOutlets => {
  if (!rejected) return { values: { sink, port: streamPort(connection, values, { takeOver }) } }
  const { name, subjects = [] } = values
  // An earlier version wrote rejected values to the outbox of the values, to be published to their stream.
  const isFree = (): boolean => {
    for (const row of unconfirmedRows(store, sink)) {
      const { subject } = decodeOutboxMessage(row.bytes)
      if (!subjects.some((wide) => coversSubject(wide, subject))) return false
    }
    return true
  }
  return {
    values: {
      sink,
      port: streamPort(connection, values, {
        takeOver,
        former: rejected.subjects,
        obsolete: before(values, undeliveredSubject({ name }).patterns),
      }),
      refusedTo: undeliveredSubject(values),
    },
    rejected: {
      sink: rejectedName(sink),
      port: streamPort(connection, rejected, {
        takeOver,
        taker: { name, subjects, isFree },
        obsolete: before(rejected),
      }),
    },
  }
}

/** What a stream took before it was namespaced. Rows that wait from then go below its name, too. */
const before = ({ namespaced, subjects = [] }: StreamOptions, more: readonly string[] = []): string[] =>
  namespaced ? [...subjects, ...more] : []
