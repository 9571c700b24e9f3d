import { type Duration, seconds } from '../../time/duration.ts'
import type { Resident } from './resident.ts'

/** Moving a resident touches its neighbours' memory too, so it is moved at most once in this time. */
const precision: Duration = seconds(1)

/**
 * Residents in the order of their last event, to a second, as a linked list: the quiet ones are found without
 * a search.
 */
export class ArrivalOrder {
  oldest: Resident | undefined
  private newest: Resident | undefined

  /** Notes an event of `resident`. */
  heard(resident: Resident, arrival: number): void {
    if (arrival - resident.lastEvent >= precision) this.touch(resident)
    resident.lastEvent = arrival
    resident.silence = 'none'
  }

  /** Puts `resident` last, whether it is in the list or not. */
  touch(resident: Resident): void {
    if (this.newest === resident) return
    this.remove(resident)
    resident.older = this.newest
    if (this.newest) this.newest.newer = resident
    else this.oldest = resident
    this.newest = resident
  }

  /** Puts `resident`, which is not in the list, first: it has not been heard of for long. */
  putOldest(resident: Resident): void {
    resident.newer = this.oldest
    if (this.oldest) this.oldest.older = resident
    else this.newest = resident
    this.oldest = resident
  }

  remove(resident: Resident): void {
    const { older, newer } = resident
    if (older) older.newer = newer
    else if (this.oldest === resident) this.oldest = newer
    if (newer) newer.older = older
    else if (this.newest === resident) this.newest = older
    resident.older = undefined
    resident.newer = undefined
  }
}
