import { runActors } from '../../../test/support/running-actors.ts'
import { tumbling } from '../../processors/tumbling.ts'
import { watermarks } from '../../processors/watermarks.ts'
import { window } from '../../processors/window.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { decode, encode } from '../../state/rows/codec.ts'
import type { Store } from '../../state/store.ts'
import { count } from '../../statistics/count.ts'
import type { VirtualClock } from '../../testing/virtual-clock.ts'
import { hours, minutes, seconds } from '../../time/duration.ts'
import { boundedOutOfOrderness } from '../../time/watermark-policy.ts'
import type { ActorsOptions } from '../actors-options.ts'
import type { Behavior } from '../behavior.ts'

export interface Step {
  readonly who: string
  readonly time: number
}

export const noon = Date.UTC(2026, 0, 5, 12)
export const idleAfter = minutes(1)
/** Between two moments at which something is sent, so that it is never a matter of a second. */
export const closeAfter = seconds(460)

export const hourly: Behavior<Step, unknown> = (steps, actor) =>
  steps.pipe(
    actor.durable('time', watermarks<Step, unknown>(boundedOutOfOrderness(0))),
    actor.durable('hour', window(tumbling(hours(1)), count())),
  )

/** A store that takes nothing more from the write on that `lose` is called before: what a crash does. */
function mortalStore(store: Store) {
  let isLost = false
  let checkpoints = 0
  const mortal = new Proxy(store, {
    get(target, name) {
      if (name === 'commit') {
        return (...commit: Parameters<Store['commit']>) =>
          isLost ? new Promise<void>(() => {}) : target.commit(...commit)
      }
      if (name === 'checkpoint') {
        return (...checkpoint: Parameters<Store['checkpoint']>) => {
          if (isLost) return new Promise<void>(() => {})
          checkpoints++
          return target.checkpoint(...checkpoint).finally(() => {
            checkpoints--
          })
        }
      }
      const member = target[name as keyof Store]
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  return {
    store: mortal,
    lose: () => {
      isLost = true
    },
    isSaving: () => checkpoints > 0,
  }
}

/** Rounds of the event loop after which a checkpoint that is due has begun. */
const quietRounds = 5

type Options = Partial<ActorsOptions<Step, unknown>>

/** One process on `folder`. Outputs are rows of the outbox: what a crash loses is not seen. */
export function processOn(folder: string, clock: VirtualClock, options: Options) {
  const opened = lmdbStore(folder)
  const { store, lose, isSaving } = mortalStore(opened)
  const behavior = hourly
  const common = { key: ({ who }: Step) => who, behavior, store, clock, idleAfter, closeAfter }
  const actors = runActors<Step, unknown>({ ...common, ...options }, (outcome) => {
    for (const [index, value] of outcome.values.entries()) {
      const { status, value: steps } = value as { status: string; value: number }
      outcome.record('seen', index, encode(`${outcome.key} ${status} ${steps}`))
    }
  })
  /** Gives commits and checkpoints the real time they need, while wall time stands still. */
  const pump = async (work: Promise<unknown>): Promise<void> => {
    let isDone = false
    const done = (): void => {
      isDone = true
    }
    work.then(done, done)
    for (let quiet = 0; quiet < quietRounds; quiet = isDone && !isSaving() ? quiet + 1 : 0) {
      clock.advance(0)
      await new Promise((resume) => setImmediate(resume))
    }
    await work
  }
  return {
    actors,
    store: opened,
    flushed: () => pump(actors.send()),
    walk: (...walkers: string[]) => pump(actors.send(...walkers.map((who) => ({ who, time: clock.now() })))),
    /** Nothing from now on reaches the disk. */
    lose,
    die: async (): Promise<void> => {
      actors.unsubscribe()
      await opened.close()
    },
    stop: async (): Promise<void> => {
      await pump(actors.stop())
      await opened.close()
    },
  }
}

/** Everything a process on this folder ever put out, by actor. */
export function seenIn(folder: string): Promise<Record<string, string[]>> {
  const store = lmdbStore(folder)
  const seen: Record<string, string[]> = {}
  for (const { bytes } of store.outbox('seen').read(undefined, 10_000)) {
    const words = decode<string>(bytes)
    const key = words.slice(0, words.indexOf(' '))
    seen[key] ??= []
    seen[key].push(words)
  }
  return store.close().then(() => seen)
}
