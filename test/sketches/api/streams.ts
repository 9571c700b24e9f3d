import type { Observable } from 'rxjs'
import type { Timed } from '../../../lib/index.ts'
import type { ClockScope } from './clocks.ts'
import type { OutputTag } from './processor.ts'

/** The values of a source or a stage on their way to stages and sinks. Each has an id of its own. */
export interface Stream<out T, out Scope extends ClockScope = ClockScope> {
  readonly scope: Scope
  /** Replaces each value; it keeps its id. A value for which `project` throws becomes a dead letter. */
  map<R>(project: (value: T) => R): Stream<R, Scope>
  filter<R extends T>(keep: (value: T) => value is R): Stream<R, Scope>
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
  /** Events whose time is not accepted. */
  side(tag: RejectedTag<'quarantined'>): Stream<Rejected<T>, 'none'>
  /** Deliveries that could not be read. */
  side(tag: RejectedTag<'dead'>): Stream<Rejected<unknown>, 'none'>
}

/** The main output of a stage. A stage runs once, however many stages and sinks read its outputs. */
export interface Stage<out In, out Out, out Scope extends ClockScope = ClockScope>
  extends Stream<Out, Scope> {
  side(tag: RejectedTag<'late' | 'dead'>): Stream<Rejected<In>, 'none'>
  /** Results that are repeated once they are final. */
  side(tag: ProvisionalTag): Stream<Out, Scope>
  /** Throws unless a step of the stage names `tag` in its `sides`. */
  side<T>(tag: OutputTag<T>): Stream<T, Scope>
}

/** A stream as an input of stages. */
export interface KeyedStream<out T, out Scope extends ClockScope = ClockScope> {
  readonly keyed: Stream<T, Scope>
  /**
   * The same as a reference input, such as a catalogue or rates: it does not hold back time, its updates are
   * never late, and the other inputs start after it has caught up.
   */
  asReference(): ReferenceInput<T>
}

export interface ReferenceInput<out T> {
  readonly reference: Stream<T>
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

export type RejectedKind = 'late' | 'quarantined' | 'dead'

export interface RejectedTag<out Kind extends RejectedKind> {
  readonly rejected: Kind
}

export interface ProvisionalTag {
  readonly provisional: true
}

export declare const late: RejectedTag<'late'>
export declare const quarantined: RejectedTag<'quarantined'>
export declare const dead: RejectedTag<'dead'>
export declare const provisional: ProvisionalTag
