import type { Behavior } from '../actors/behavior.ts'
import type { Clock } from '../time/clock.ts'
import type { Timed } from '../time/timed.ts'

/** The behavior with the step in front of it that keeps the actor's clock. */
export const behindClock =
  ({ step, processor }: Clock, behavior: Behavior<Timed, unknown>): Behavior<Timed, unknown> =>
  (inbox, actor) =>
    behavior(inbox.pipe(actor.durable(step, processor)), actor)
