import { type Duration, seconds } from '../../time/duration.ts'
import { LatelyLeft } from './lately-left.ts'
import type { Resident } from './resident.ts'
import { ResidentList } from './resident-list.ts'

/** Moving a resident touches its neighbours' memory too, so it is moved at most once in this time. */
const precision: Duration = seconds(1)

/** Share of the memory that is left to those who have spoken only once since they were woken. */
const newcomersShare = 0.01

/**
 * Residents in the order of their last event, to a second: the quiet ones are found without a search. Who
 * was woken by one event leaves before those who spoke again while they were in memory or not long after, so
 * that very many who speak rarely do not push out the few who speak often (the two queues of Johnson and
 * Shasha, 1994, with their memory of who has left).
 */
export class EvictionOrder {
  private readonly newcomers = new ResidentList<Resident>()
  private readonly regulars = new ResidentList<Resident>()
  private readonly limit: number
  private readonly lately: LatelyLeft

  /** @param limit How many can stay. */
  constructor(limit: number) {
    this.limit = limit
    this.lately = new LatelyLeft(limit / 2)
  }

  /** The quietest first in each. */
  get lists(): readonly ResidentList<Resident>[] {
    return [this.newcomers, this.regulars]
  }

  /** Notes an event of `resident`. */
  heard(resident: Resident, arrival: number): void {
    const moment = Math.floor(arrival / precision)
    if (moment > resident.movedAt) {
      resident.movedAt = moment
      this.move(resident)
    }
    resident.lastEvent = arrival
    resident.silence = 'none'
  }

  /** Takes up `resident`, which is about to hear something. While there is room nobody is a newcomer. */
  enter(resident: Resident): void {
    const { newcomers, regulars, limit, lately } = this
    resident.isNewcomer = newcomers.size + regulars.size >= limit && !lately.has(resident.hash)
    ;(resident.isNewcomer ? newcomers : regulars).append(resident)
  }

  /** Takes up `resident`, which has been silent for long: it is the first to leave. */
  enterSilent(resident: Resident): void {
    this.newcomers.prepend(resident)
  }

  /** Who is to leave when there are too many. */
  nextToLeave(): Resident | undefined {
    const { newcomers, regulars } = this
    const isCrowded = newcomers.size > Math.max(1, newcomersShare * this.limit)
    return isCrowded ? newcomers.oldest : (regulars.oldest ?? newcomers.oldest)
  }

  /** Takes out `resident`, which leaves memory. */
  leave(resident: Resident): void {
    this.remove(resident)
    this.lately.add(resident.hash)
  }

  /**
   * The time of day was set, lately and by `change`, to `now`: says by the new one when each was heard. Set
   * forward, a silence is as long as before; set back, no event is in the future.
   */
  adjust(change: Duration, now: number): void {
    for (const list of this.lists) {
      for (let resident = list.oldest; resident; resident = resident.newer) {
        if (resident.lastEvent === 0) continue
        resident.lastEvent = Math.min(resident.lastEvent + Math.max(0, change), now)
        resident.movedAt = Math.floor(resident.lastEvent / precision)
      }
    }
  }

  private remove(resident: Resident): void {
    resident.list?.remove(resident)
  }

  /** The event that a newcomer was woken for says nothing about how often it speaks. */
  private move(resident: Resident): void {
    const list = resident.isNewcomer ? this.newcomers : this.regulars
    resident.isNewcomer = false
    if (list.newest === resident) return
    this.remove(resident)
    list.append(resident)
  }
}
