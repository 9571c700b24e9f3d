import { Observable, type OperatorFunction } from 'rxjs'
import type { Timed } from '../time/timed.ts'
import type { ActorsOptions } from './actors-options.ts'
import type { Delivery } from './delivery.ts'
import type { Outcome } from './outcome.ts'
import { runStage } from './run-stage.ts'
import { whenLeft } from './session.ts'

/**
 * One actor for each key: every event is a turn of its actor, journaled with its outputs in one commit
 * and acknowledged when that is flushed. State survives crashes; outputs are neither lost nor doubled.
 *
 * Emits an `Outcome` for each turn that put something out, inside the turn's commit: only synchronous
 * operators may follow up to the sink. When the source completes, answers that lookups wait for are awaited
 * and everything is saved before completing.
 * Errors when the store can no longer be written. Subscribed to again on the same store it goes on from what
 * was taken, once that is flushed.
 */
export const actors =
  <In extends Timed, Out>(
    options: ActorsOptions<In, Out>,
  ): OperatorFunction<Delivery<In> | Outcome<In>, Outcome<Out>> =>
  (source) =>
    new Observable((subscriber) =>
      whenLeft(options.store, subscriber, () => runStage(options, source, subscriber)),
    )
