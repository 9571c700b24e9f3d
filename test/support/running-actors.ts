import { Subject, type Subscription } from 'rxjs'
import { actors } from '../../lib/actors/actors.ts'
import type { ActorsOptions } from '../../lib/actors/actors-options.ts'
import { Delivery } from '../../lib/actors/delivery.ts'
import type { Outcome } from '../../lib/actors/outcome.ts'
import type { Timed } from '../../lib/time/timed.ts'

/** A stage of actors over a source that a test feeds by hand. */
export interface RunningActors<In extends Timed, Out> {
  readonly source: Subject<Delivery<In>>
  readonly outcomes: Outcome<Out>[]
  /** Resolves when all of `events`, sent as one delivery, are acknowledged. */
  send(...events: In[]): Promise<void>
  /** Ends the source and resolves when everything is saved. */
  stop(): Promise<void>
  /** Leaves everything as it is: nothing is settled. */
  unsubscribe(): void
  /** Resolves when the stage completes, rejects when it fails. */
  readonly finished: Promise<void>
}

/** `onOutcome` is called inside the transaction of the turn, as a sink is. */
export function runActors<In extends Timed, Out>(
  options: ActorsOptions<In, Out>,
  onOutcome: (outcome: Outcome<Out>) => void = () => {},
): RunningActors<In, Out> {
  const source = new Subject<Delivery<In>>()
  const outcomes: Outcome<Out>[] = []
  let subscription: Subscription | undefined
  const finished = new Promise<void>((resolve, reject) => {
    subscription = source.pipe(actors(options)).subscribe({
      next: (outcome) => {
        outcomes.push(outcome)
        onOutcome(outcome)
      },
      complete: resolve,
      error: reject,
    })
  })
  finished.catch(() => {})
  return {
    source,
    outcomes,
    finished,
    unsubscribe: () => subscription?.unsubscribe(),
    send: (...events) =>
      new Promise((resolve, reject) => source.next(new Delivery(events, { ack: resolve, reject }))),
    stop() {
      source.complete()
      return finished
    },
  }
}
