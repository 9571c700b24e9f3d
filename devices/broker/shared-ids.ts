import { minutes } from '../../lib/time/duration.ts'
import { RecentMap } from '../recent-map.ts'

/**
 * Notices client ids that two clients use. Each CONNECT with the id of a connected client ends that one's
 * connection, as MQTT says. Once, that is a client which comes back before its old connection was given up;
 * again and again within a minute, it is two clients that disconnect each other.
 */
export class SharedIds {
  private readonly takeOvers = new RecentMap<string, number[]>(idsRemembered)

  /** Whether the take-over of `id` at `now`, milliseconds, is one of many. */
  isShared(id: string, now: number): boolean {
    const recent = (this.takeOvers.get(id) ?? []).filter((time) => now - time < minutes(1))
    this.takeOvers.set(id, [...recent.slice(1 - manyTakeOvers), now])
    return recent.length + 1 >= manyTakeOvers
  }
}

const manyTakeOvers = 3
const idsRemembered = 10_000
