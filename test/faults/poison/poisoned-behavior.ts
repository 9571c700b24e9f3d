import { map } from 'rxjs'
import type { Result } from '../../../bench/engine/behavior.ts'
import { benchSteps } from '../../../bench/engine/behavior.ts'
import type { Sample } from '../../../bench/engine/samples.ts'
import type { Behavior } from '../../../lib/actors/behavior.ts'
import type { Processor } from '../../../lib/time/processor.ts'

/** Actors whose key starts so are the ones that may be poisoned. */
export const guestPrefix = 'guest-'

/**
 * The behavior of the engine's benchmark; with `isPoisoned`, guests throw on every reading, after their
 * state has taken it, so that there is something to undo.
 */
export function poisonedBehavior(isPoisoned: boolean): Behavior<Sample, Result> {
  const { time, watch } = benchSteps(0)
  const trap = trapped(watch)
  return (samples, actor) =>
    samples.pipe(
      actor.durable('time', time),
      actor.durable('watch', isPoisoned && actor.key.startsWith(guestPrefix) ? trap : watch),
      map((result) =>
        'window' in result
          ? { minute: { start: result.window.start, mean: result.value } }
          : { episode: result.phase },
      ),
    )
}

const trapped = <Out, State>(processor: Processor<Sample, Out, State>): Processor<Sample, Out, State> => ({
  ...processor,
  onEvent(state, event, out, turn) {
    processor.onEvent(state, event, out, turn)
    throw new Error(`no use for ${event.value}`)
  },
})
