import type { EventAttributes, Nats, Published, SubjectOf } from '../../../lib/index.ts'

export type Destination<T> = Sink<T> | JetStreamDestination<T>

/** A destination of your own. It receives outputs in order, and again until it resolves, each with its id. */
export interface Sink<T> {
  readonly deliver: (outputs: readonly Delivered<T>[]) => Promise<void>
}

export interface Delivered<T> {
  /** Unique for ever, and the same at every attempt. */
  readonly id: string
  /** Key of the actor. */
  readonly key: string
  /** Wall time at which the cause arrived, epoch milliseconds. */
  readonly arrival: number
  readonly value: T
}

/** Publishes each value once and in order to a JetStream stream, as a CloudEvent. */
export declare function toJetStream<T>(nats: Nats, options: JetStreamOptions<T>): JetStreamDestination<T>

export interface JetStreamOptions<T> {
  /** The tokens of a subject, each a string, or a function of the value whose result is encoded. */
  readonly subject: SubjectTokens<T> | SubjectOf<T>
  /** Name of the stream, that of the sink unless given. */
  readonly stream?: string
  readonly event?: (value: T) => EventAttributes
  /** Called for each message after its stream has confirmed it. */
  readonly onPublished?: (published: Published) => void
}

export type SubjectTokens<T> = readonly [string, ...(string | ((value: T) => string))[]]

export interface JetStreamDestination<T> {
  readonly nats: Nats
  readonly options: JetStreamOptions<T>
}
