import type { Observable } from 'rxjs'
import type { ClockScope } from '../time/clock.ts'
import type { OutputTag, RejectedKind, RejectedTag } from '../time/output-tag.ts'
import type { Timed } from '../time/timed.ts'

/** The values of a source or a stage on their way to stages and sinks. Each has an id of its own. */
export interface Stream<out T, out Scope extends ClockScope = ClockScope> {
  readonly scope: Scope
  /** Replaces each value; it keeps its id. A value for which `project` throws becomes a dead letter. */
  map<R>(project: (value: T) => R): Stream<R, Scope>
  filter<R extends T>(keep: (value: T) => value is R): Stream<R, Scope>
  /** A value for which `keep` throws becomes a dead letter. */
  filter(keep: (value: T) => boolean): Stream<T, Scope>
  /** This stream and others that follow a clock of the same scope. */
  merge<Others extends readonly Stream<unknown, Scope>[]>(
    ...others: Others
  ): Stream<T | ValueOf<Others[number]>, Scope>
  /** Events of one key, a string of 1 to 256 characters, go to one actor. */
  keyBy<In extends T & Timed>(this: Stream<In, Scope>, key: (event: In) => string): KeyedStream<In, Scope>
  /** The values of each commit after its flush. Subscribers delay no commit, and receive only what is new. */
  observe(): Observable<T>
}

export type ValueOf<S> = S extends Stream<infer T> ? T : never

export interface Source<out T, out Scope extends ClockScope = ClockScope> extends Stream<T, Scope> {
  /** Deliveries that could not be read. */
  side(tag: RejectedTag<unknown, 'dead'>): Stream<Rejected<unknown>, 'none'>
}

/** The main output of a stage. A stage runs once, however many stages and sinks read its outputs. */
export interface Stage<out In, out Out, out Scope extends ClockScope = ClockScope>
  extends Stream<Out, Scope> {
  side(
    tag: RejectedTag<unknown, 'dead'> | RejectedTag<Timed, 'late' | 'quarantined'>,
  ): Stream<Rejected<In>, 'none'>
  side<T>(tag: OutputTag<T>): Stream<T, Scope>
}

/** A stream as an input of stages. */
export interface KeyedStream<out T, out Scope extends ClockScope = ClockScope> {
  readonly keyed: Stream<T, Scope>
}

export interface Rejected<out T> {
  readonly kind: RejectedKind
  /** Name of the source, stage or sink that rejected it. */
  readonly from: string
  /** Key of the actor, empty when there is none. */
  readonly key: string
  readonly value: T
  readonly reason: string
  /** Wall time of the arrival, epoch milliseconds. */
  readonly arrival: number
}
