import { seconds } from '../../lib/time/duration.ts'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import type { Connection } from './connection.ts'

/** Disconnects who has been silent for longer than it said it would be. The returned function stops it. */
export const keepAlive = (connections: ReadonlySet<Connection>, clock: WallClock): (() => void) => {
  const look = (): void => {
    const now = clock.monotonic()
    for (const connection of connections)
      if (connection.isSilent(now)) connection.destroy(new Error('silent for longer than its keep-alive'))
    cancel = clock.after(seconds(1), look)
  }
  let cancel = clock.after(seconds(1), look)
  return () => cancel()
}
