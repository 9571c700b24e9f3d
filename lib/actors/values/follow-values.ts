import { type Observable, Subscription } from 'rxjs'
import type { WallClock } from '../../time/wall-clock.ts'
import type { StageValues } from './stage-values.ts'

export interface FollowedValues {
  readonly values: StageValues
  /** Where the versions of each value come from. */
  readonly sources: Readonly<Record<string, Observable<unknown>>>
  readonly clock: WallClock
  /** Called once, when every value has a version. */
  readonly begin: () => void
  readonly fail: (reason: Error) => void
}

/** Takes every version that comes, until it is unsubscribed. */
export function followValues({ values, sources, clock, begin, fail }: FollowedValues): Subscription {
  const all = new Subscription()
  let isReady = false
  let hasBegun = false
  const beginOnce = (): void => {
    if (hasBegun || !isReady || !values.isComplete) return
    hasBegun = true
    begin()
  }
  for (const [name, source] of Object.entries(sources)) {
    all.add(
      source.subscribe({
        next: (value) => {
          values.put(name, value, clock.now())
          beginOnce()
        },
        error: fail,
        complete: () => {
          if (!values.has(name)) fail(neverCame(name))
        },
      }),
    )
  }
  // Not before all are subscribed: what a later one has at once is in force from the first event on.
  isReady = true
  beginOnce()
  return all
}

const neverCame = (name: string): Error =>
  new Error(
    `The value "${name}" completed before it had a version, so no event can be taken: ` +
      'begin it with a default, as with startWith()',
  )
