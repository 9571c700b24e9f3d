import type { Store } from '../../lib/state/store.ts'
import { runActors } from '../support/running-actors.ts'
import { type Coin, day, watchCoins } from './coins.ts'

/**
 * Feeds coins to the actors of `store`, which record what they put out in the outbox `coins`, and returns
 * that. Unless `settled`, it ends as after a kill: with a journal that no saved state includes.
 */
export const runCoins = async (
  store: Store,
  given: readonly Coin[],
  { settled }: { readonly settled: boolean },
): Promise<string[]> => {
  const stage = runActors(
    {
      key: ({ who }: Coin) => who,
      behavior: watchCoins,
      store,
      clock: { now: () => day + 60_000, monotonic: () => 0, after },
      pace: { checkpointAfter: settled ? 0 : 1e9 },
    },
    (outcome) => {
      for (const [index, value] of outcome.values.entries())
        outcome.record('coins', index, Buffer.from(value))
    },
  )
  for (const coin of given) await Promise.race([stage.send(coin), stage.finished])
  if (settled) await stage.stop()
  stage.unsubscribe()
  return stage.outcomes.flatMap(({ key, values }) => values.map((value) => `${key} ${value}`))
}

const after = (delay: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, delay)
  return () => clearTimeout(timer)
}
