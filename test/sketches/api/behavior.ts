import type { Observable, OperatorFunction, SchedulerLike } from 'rxjs'
import type { LookupOptions, Timed, VersionedValue } from '../../../lib/index.ts'
import type { Broadcast, JoinProcessor, OutputTag, Processor } from './processor.ts'

/**
 * The RxJS chain of an actor. Called when its stage is declared, which is how the runtime learns the steps,
 * and again for each actor that is loaded into memory. All calls declare the same steps: none of them can
 * read the key, and the processors of the first call serve all actors.
 */
export type Behavior<In, Out> = (inbox: Observable<In>, actor: ActorContext) => Observable<Out>

/** What an actor offers its behavior. */
export interface ActorContext {
  /** Key of the actor. For operators, in a turn: throws while the behavior is called. */
  readonly key: string
  /** Event time as an RxJS scheduler: `now()` is the watermark. */
  readonly clock: SchedulerLike
  /** A step whose state is saved under `name`, its recovery key. */
  durable<In extends Timed, Out, State, Side extends OutputTag>(
    name: string,
    processor: Processor<In, Out, State, Side>,
  ): OperatorFunction<In, Out>
  /**
   * A step with two inputs: the Observable it is piped from, and `right`. Its state is saved under `name`.
   */
  join<Left extends Timed, Right extends Timed, Out, State>(
    name: string,
    right: Observable<Right>,
    processor: JoinProcessor<Left, Right, Out, State>,
  ): OperatorFunction<Left, Out>
  /** Asks another system about each event. Events that wait for an answer hold back the watermark. */
  lookup<In extends Timed, Answer, Out>(
    name: string,
    options: LookupOptions<In, Answer, Out>,
  ): OperatorFunction<In, Out>
  /** The version in force at the turn at hand, for operators; processors read `turn.value`. */
  value<Value>(value: Broadcast<Value>): VersionedValue<Value>
}
