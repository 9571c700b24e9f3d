import { decodeStateRow } from '../../state/rows/state-row.ts'
import type { StateRow, Store } from '../../state/store.ts'
import { type Duration, milliseconds } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { Residents } from '../residents/residents.ts'
import { isUnanswered } from './lookup-step.ts'
import type { Lookups } from './lookups.ts'

/** Saved actors looked at in one go, and time between two goes: about 1 ms of work in 6. */
const actorsAtATime = 256
const pause: Duration = milliseconds(5)

export interface PendingSearch {
  readonly stage: string
  readonly store: Store
  readonly clock: WallClock
  readonly residents: Residents
  readonly lookups: Lookups
}

/** Has everything asked that any actor waits for: first those in memory, then those asleep on disk. */
export async function searchPending(search: PendingSearch): Promise<void> {
  const { stage, store, clock, residents, lookups } = search
  for (const { key, actor } of residents.all()) {
    lookups.ask(key, actor.questions())
    await lookups.room()
  }
  let looked = 0
  for (const { actor, states } of store.actors(stage)) {
    if (++looked % actorsAtATime === 0) await new Promise<void>((resume) => clock.after(pause, resume))
    if (lookups.isStopped) return
    if (!hasPending(states, lookups.names, store) || residents.has(actor)) continue
    residents.wake(actor)
    residents.makeRoom()
    await lookups.room()
  }
}

const hasPending = (rows: readonly StateRow[], names: ReadonlySet<string>, { shapes }: Store): boolean =>
  rows.some(({ step, bytes }) => names.has(step) && isUnanswered(decodeStateRow(bytes, shapes).state))
