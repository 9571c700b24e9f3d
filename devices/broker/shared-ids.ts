import { minutes } from '../../lib/time/duration.ts'
import { RecentMap } from '../recent-map.ts'

/**
 * Notices client ids that two clients share. A CONNECT with the id of a connected client ends the connection
 * of that client, as MQTT requires. Once, it is a client that comes back before its old connection was given
 * up; several times within a minute, it is two clients that disconnect each other.
 */
export class SharedIds {
  private readonly takeOvers = new RecentMap<string, readonly number[]>(idsRemembered)

  /** Records that `id` was taken over at `now`, in milliseconds. Returns whether two clients share it. */
  takeOver(id: string, now: number): boolean {
    const recent = (this.takeOvers.get(id) ?? []).filter((time) => now - time < minutes(1))
    const all = [...recent, now].slice(-takeOversOfOne)
    this.takeOvers.set(id, all)
    return recent.length >= takeOversOfOne
  }
}

/** So many within a minute may be one client on a bad network. */
const takeOversOfOne = 2
const idsRemembered = 10_000
