import { type Duration, seconds } from '../../time/duration.ts'
import type { Resident } from './resident.ts'
import { ResidentList } from './resident-list.ts'

/** Moving a resident touches its neighbours' memory too, so it is moved at most once in this time. */
const precision: Duration = seconds(1)

/** Share of the memory that is left to those who have spoken only once since they were woken. */
const newcomersShare = 0.1

/**
 * Residents in the order of their last event, to a second: the quiet ones are found without a search. Who
 * was woken by one event leaves before those who spoke again while they were in memory, so that very many
 * who speak rarely do not push out the few who speak often (the two queues of Johnson and Shasha, 1994).
 */
export class ArrivalOrder {
  private readonly newcomers = new ResidentList()
  private readonly regulars = new ResidentList()

  /** The quietest first in each. */
  get lists(): readonly ResidentList[] {
    return [this.newcomers, this.regulars]
  }

  /** Notes an event of `resident`. */
  heard(resident: Resident, arrival: number): void {
    if (arrival - resident.lastEvent >= precision) this.move(resident)
    resident.lastEvent = arrival
    resident.silence = 'none'
  }

  /** Takes up `resident`, which is about to hear something. */
  enter(resident: Resident): void {
    resident.isNewcomer = true
    this.newcomers.append(resident)
  }

  /** Takes up `resident`, which has been silent for long: it is the first to leave. */
  enterSilent(resident: Resident): void {
    this.newcomers.prepend(resident)
  }

  /** Who is to leave when only `limit` can stay. */
  nextToLeave(limit: number): Resident | undefined {
    const { newcomers, regulars } = this
    const isCrowded = newcomers.size > newcomersShare * limit
    return isCrowded ? newcomers.oldest : (regulars.oldest ?? newcomers.oldest)
  }

  remove(resident: Resident): void {
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
