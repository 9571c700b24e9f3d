import type { Observable } from 'rxjs'
import type { Timed } from '../../../lib/index.ts'
import type { ClockScope } from './clocks.ts'
import type { KeyedStream, ReferenceInput, Stream } from './streams.ts'

/** A keyed stream, or several inputs under names that the journal records. */
export type StageInput = KeyedStream<Timed> | NamedInputs

export type NamedInputs = Readonly<Record<string, KeyedStream<Timed> | ReferenceInput<Timed>>>

type EventOfOne<Input> =
  Input extends KeyedStream<infer T> ? T : Input extends ReferenceInput<infer T> ? T : never

/** All events that a stage reads. */
export type EventOf<Input> =
  Input extends KeyedStream<infer T> ? T : { [Name in keyof Input]: EventOfOne<Input[Name]> }[keyof Input]

/** What a behavior receives: an Observable, or one for each input by its name. */
export type InboxOf<Input> =
  Input extends KeyedStream<infer T>
    ? Observable<T>
    : { readonly [Name in keyof Input]: Observable<EventOfOne<Input[Name]>> }

type ScopeOfOne<Input> = Input extends KeyedStream<unknown, infer Scope> ? Scope : never

/** The clock a stage follows. Reference inputs do not count. */
export type ScopeOf<Input> =
  Input extends KeyedStream<unknown, infer Scope>
    ? Scope
    : { [Name in keyof Input]: ScopeOfOne<Input[Name]> }[keyof Input]

/** Makes an input that cannot be wired a compile-time error that says why. */
export type Wired<Input> =
  Input extends Stream<unknown>
    ? { readonly 'A stage reads a keyed stream: add .keyBy(…)': never }
    : IsUnion<ScopeOf<Input>> extends true
      ? {
          readonly 'The inputs of a stage need clocks of one scope: change a clock, or add .asReference()': never
        }
      : unknown

type IsUnion<Scope extends ClockScope, Each = Scope> = Each extends Scope
  ? [Scope] extends [Each]
    ? false
    : true
  : false
