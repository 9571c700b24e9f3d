import type { Observable, Subscriber } from 'rxjs'
import { checkName } from '../time/check-key.ts'
import { days, minutes } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import { systemClock } from '../time/wall-clock.ts'
import type { ActorsOptions } from './actors-options.ts'
import type { Behavior } from './behavior.ts'
import { checkNumbers } from './check-numbers.ts'
import { checkPace, defaultPace } from './commit/pace.ts'
import { Delivery } from './delivery.ts'
import { Emission } from './emission.ts'
import type { Outcome } from './outcome.ts'
import { RunningStage } from './running-stage.ts'
import { sessionOf } from './session.ts'
import { Source } from './sources/source.ts'

/**
 * Runs a stage, and a source that it reads alone, for `subscriber`, which is all that ends it, and whose
 * teardown ends all that it started.
 */
export function runStage<In extends Timed, Out>(
  options: ActorsOptions<In, Out>,
  arriving: Observable<Delivery<In> | Outcome<In>>,
  subscriber: Subscriber<Outcome<Out>>,
): void {
  const { store, name = 'actors', version = 1, clock = systemClock, values = {} } = options
  const { resident: limit = 50_000, ticksPerSecond = 5_000 } = options
  const { idleAfter = minutes(1), closeAfter = days(1), onReplay = () => {} } = options
  const times = { idleAfter, closeAfter }
  checkName('stage', name)
  checkNumbers({ resident: limit, ticksPerSecond, ...times, pace: { ...defaultPace, ...options.pace } })
  const session = sessionOf(store, clock, options.pace)
  checkPace(name, options.pace, session.pace)
  const fail = (reason: Error): void => subscriber.error(reason)
  const emission = new Emission(
    session.commit,
    (outcome) => subscriber.next(outcome as Outcome<Out>),
    () => !subscriber.closed,
  )
  const running = new RunningStage({
    name,
    version,
    keyOf: options.key as (event: Timed) => string,
    behavior: options.behavior as Behavior<Timed, unknown>,
    session,
    emission,
    limit,
    times,
    ticksPerSecond,
    values,
    clock,
    onReplay,
    fail,
  })
  const { stage } = running
  const source = new Source({ name: '', session, clock, emission, readers: [stage] })
  subscriber.add(() => running.close())
  subscriber.add(() => source.close())

  const settle = async (): Promise<void> => {
    await source.taken()
    await running.answered()
    if (!subscriber.closed) await session.settle()
  }
  const begin = (): void => {
    if (subscriber.closed) return
    running.begin()
    subscriber.add(
      arriving.subscribe({
        next: (arrived) => (arrived instanceof Delivery ? source.add(arrived) : stage.takeOver(arrived)),
        error: fail,
        complete: () => {
          running.end()
          void settle().then(() => subscriber.complete(), fail)
        },
      }),
    )
  }
  running.start(begin)
}
