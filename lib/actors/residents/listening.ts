import type { Duration } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { EvictionOrder } from './eviction-order.ts'
import type { Resident } from './resident.ts'

/**
 * Since when events can be heard. While nothing was taken nobody could be: to who waits for silence it counts
 * from then.
 */
export class Listening {
  private readonly clock: WallClock
  private readonly order: EvictionOrder
  private since = Number.NEGATIVE_INFINITY

  constructor(clock: WallClock, order: EvictionOrder) {
    this.clock = clock
    this.order = order
  }

  begin(): void {
    this.since = this.clock.now()
  }

  /** Has the silence of `resident`, which comes into memory, begin no sooner than it could be broken. */
  include(resident: Resident): void {
    const now = this.clock.now()
    // Saved before the clock was set back.
    if (resident.lastEvent > now) resident.lastEvent = now
    if (resident.silence !== 'none' || !resident.actor.awaitsSilence) return
    resident.lastEvent = Math.max(resident.lastEvent, this.since)
  }

  /**
   * The time of day was set by `change`, or the machine has slept for as long. Nobody has been silent for an
   * hour because an hour was left out.
   */
  adjust(change: Duration): void {
    this.since = this.clock.now()
    this.order.adjust(change, this.since)
  }
}
