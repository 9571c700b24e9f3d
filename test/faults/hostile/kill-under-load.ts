import { recover, recoveryBounds } from '../recovery/recover.ts'
import type { HostileFault } from './fault.ts'

/** What `npm test` has the command's own bounds multiplied by: it shares its cores with other tests. */
const patience = 4

/** A kill under full load, with the same load waiting when it starts again; `test:recovery` has the table. */
export const killUnderLoad: HostileFault = {
  id: 'R3',
  what: 'Readings are taken at full speed within seconds of a kill under full load',
  async prove({ scale, progress }) {
    const isSmall = scale === 'small'
    const { firstPubackMs, fullRateMs } = recoveryBounds
    return recover({
      devices: 400,
      loadSeconds: isSmall ? 3 : 25,
      window: 50,
      connections: 8,
      bounds: isSmall
        ? { firstPubackMs: patience * firstPubackMs, fullRateMs: patience * fullRateMs }
        : recoveryBounds,
      afterwardsMs: isSmall ? 0 : 5_000,
      progress,
    })
  },
}
