import type { Resident } from './resident.ts'

/**
 * Residents in the order of their last event, as a linked list: the quiet ones are found without a search.
 */
export class ArrivalOrder {
  oldest: Resident | undefined
  private newest: Resident | undefined

  /** Puts `resident` last, whether it is in the list or not. */
  touch(resident: Resident): void {
    if (this.newest === resident) return
    this.remove(resident)
    resident.older = this.newest
    if (this.newest) this.newest.newer = resident
    else this.oldest = resident
    this.newest = resident
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
