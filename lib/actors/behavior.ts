import type { Observable, OperatorFunction, SchedulerLike } from 'rxjs'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'

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
}
