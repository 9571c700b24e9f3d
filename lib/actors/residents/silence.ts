import { type Duration, seconds } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { ArrivalOrder } from './arrival-order.ts'
import type { Resident } from './resident.ts'

/** Ticks taken in one go, and time between two goes: a power cut must not wake a million actors at once. */
const ticksAtATime = 500
const sweepEvery: Duration = seconds(1)

export interface SilenceOptions {
  readonly idleAfter: Duration
  readonly closeAfter: Duration
  readonly clock: WallClock
  readonly order: ArrivalOrder
  /** While it is true nobody is ticked: who has not been given all of the journal yet only seems silent. */
  readonly isPaused: () => boolean
  readonly tick: (resident: Resident, kind: 'idle' | 'close', arrival: number) => void
}

/**
 * Notices actors that are silent while something of theirs is pending, and ticks each once a silence, and
 * once more when it has lasted so long that what is open is to be closed. Returns a function that stops it.
 */
export function watchSilence({
  idleAfter,
  closeAfter,
  clock,
  order,
  isPaused,
  tick,
}: SilenceOptions): () => void {
  let cancel = clock.after(sweepEvery, sweep)

  function sweep(): void {
    if (!isPaused()) tickTheSilent(clock.now())
    cancel = clock.after(sweepEvery, sweep)
  }

  function tickTheSilent(now: number): void {
    let ticks = 0
    for (let resident = order.oldest; resident && ticks < ticksAtATime; resident = resident.newer) {
      const silent = now - resident.lastEvent
      if (silent < idleAfter) break
      const due = silent >= closeAfter ? 'closed' : 'idle'
      if (resident.silence === due || resident.silence === 'closed' || !resident.actor.isPending) continue
      resident.silence = due
      tick(resident, due === 'closed' ? 'close' : 'idle', now)
      ticks++
    }
  }

  return () => cancel()
}
