import type { Observable, OperatorFunction, SchedulerLike } from 'rxjs'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import type { LookupOptions } from './lookups/lookup.ts'
import type { VersionedValue } from './values/versioned-value.ts'

/** What one actor does with its inbox. Called once each time the actor is brought into memory. */
export type Behavior<In extends Timed, Out> = (inbox: Observable<In>, actor: ActorContext) => Observable<Out>

/** What an actor offers its behavior. */
export interface ActorContext {
  readonly key: string
  /**
   * Event time as an RxJS scheduler: `now()` is this actor's watermark, and timers fire when the watermark
   * passes them. Hand it to `bufferTime`, `debounceTime` and the like, behind `ordered`.
   */
  readonly clock: SchedulerLike
  /**
   * A step whose state survives restarts and passivation under `name`. The name is the recovery key:
   * renaming it abandons the saved state.
   */
  durable<In extends Timed, Out, State>(
    name: string,
    processor: Processor<In, Out, State>,
  ): OperatorFunction<In, Out>
  /**
   * An async lookup: asks something outside about every event, and emits event and answer joined. Events
   * that wait are saved under `name` and asked about again after a restart; each is joined once. Results come
   * in the order of the answers, so event time belongs behind it: first the lookup, then `watermarks`.
   */
  lookup<In extends Timed, Answer, Out>(
    name: string,
    options: LookupOptions<In, Answer, Out>,
  ): OperatorFunction<In, Out>
  /** One of the `values` that `actors` was given. Throws when it was given none of that name. */
  value<Value>(name: string): VersionedValue<Value>
}
