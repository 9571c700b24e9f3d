import { DiscardPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream'
import { nanos } from 'nats'
import { type Duration, days, minutes } from '../time/duration.ts'

/**
 * The stream as it is made when it does not exist. One that does is used as it is, but for subjects that it
 * lacks: who made it decides about its limits.
 */
export interface StreamOptions {
  /** 1 to 100 of `A-Z a-z 0-9 _ -`. */
  readonly name: string
  /** Subjects it takes. Default: the patterns of the sink's `subject` and `sideSubject`. */
  readonly subjects?: readonly string[]
  /**
   * Whether the stream's name goes before each subject, in the stream and of each message: `alarm.p1` is
   * published as `plant.alarm.p1`. Two applications with the same subjects then share one server.
   */
  readonly namespaced?: boolean
  /**
   * Whether subjects that an existing stream lacks are added to it. Unless given, they are when it takes
   * none but `subjects`, as one does that an earlier version made.
   */
  readonly addSubjects?: boolean
  /** Messages older than this are discarded. Default 7 days. */
  readonly maxAge?: Duration
  /** The oldest messages are discarded above this. Default 1 GiB. */
  readonly maxBytes?: number
  /** How long the server remembers ids by itself. Default 2 minutes; the relay does not depend on it. */
  readonly duplicateWindow?: Duration
  /** Servers of a cluster that keep a copy. Default 1. */
  readonly replicas?: number
}

/** What is asked for a stream of ours. */
export type OwnConfig = Partial<StreamConfig> & { readonly name: string; readonly subjects: string[] }

/** What the server is asked for: on disk, and full means that the oldest goes. */
export const streamConfig = (options: StreamOptions): OwnConfig => {
  const { name, subjects = [], maxAge = days(7), maxBytes = 2 ** 30, replicas = 1 } = options
  const { duplicateWindow = Math.min(minutes(2), maxAge) } = options
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(name)) {
    throw new Error(`stream name ${JSON.stringify(name)}: use 1 to 100 letters, digits, "-" and "_"`)
  }
  if (subjects.length === 0) {
    throw new Error(
      `stream "${name}" takes no subject: give stream.subjects, or make subjects with subjectUnder`,
    )
  }
  return {
    name,
    subjects: subjects.map((subject) => namespaceOf(options) + subject),
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(maxAge),
    max_bytes: maxBytes,
    duplicate_window: nanos(duplicateWindow),
    num_replicas: replicas,
  }
}

/** What goes before each subject: the stream's name with a dot, or nothing. */
export const namespaceOf = ({ name, namespaced = false }: StreamOptions): string =>
  namespaced ? `${name}.` : ''
