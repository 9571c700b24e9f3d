import { Subject } from 'rxjs'
import { type ActorsOptions, actors } from '../../lib/actors/actors.ts'
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
  /** Resolves when the stage completes, rejects when it fails. */
  readonly finished: Promise<void>
}

export function runActors<In extends Timed, Out>(options: ActorsOptions<In, Out>): RunningActors<In, Out> {
  const source = new Subject<Delivery<In>>()
  const outcomes: Outcome<Out>[] = []
  const finished = new Promise<void>((resolve, reject) => {
    source
      .pipe(actors(options))
      .subscribe({ next: (outcome) => void outcomes.push(outcome), complete: resolve, error: reject })
  })
  finished.catch(() => {})
  return {
    source,
    outcomes,
    finished,
    send: (...events) =>
      new Promise((resolve, reject) => source.next(new Delivery(events, resolve, { reject }))),
    stop() {
      source.complete()
      return finished
    },
  }
}
