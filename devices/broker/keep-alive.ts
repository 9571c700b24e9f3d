import { seconds } from '../../lib/time/duration.ts'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import type { Connection } from './connection.ts'

const lookEvery = seconds(1)

/**
 * Disconnects who has been silent for longer than it said it would be. A look that comes much too late says
 * that this process stood still, stopped or on a machine that slept: what was sent meanwhile waits unread, so
 * that time is nobody's silence. The returned function stops it.
 */
export const keepAlive = (connections: ReadonlySet<Connection>, clock: WallClock): (() => void) => {
  let lookedAt = clock.monotonic()
  const look = (): void => {
    const now = clock.monotonic()
    const overdue = now - lookedAt - lookEvery
    for (const connection of connections) {
      if (overdue > lookEvery) connection.excuse(overdue, now)
      if (connection.isSilent(now)) connection.destroy(new Error('silent for longer than its keep-alive'))
    }
    lookedAt = now
    cancel = clock.after(lookEvery, look)
  }
  let cancel = clock.after(lookEvery, look)
  return () => cancel()
}
