import { recover, recoveryBounds } from '../recovery/recover.ts'
import type { HostileFault } from './fault.ts'

/** `npm test` shares its cores with other tests: the bounds are multiplied by this there. */
const patience = 4

/** Kills the process under full load and starts it again under the same load, as `test:recovery` does. */
export const killUnderLoad: HostileFault = {
  id: 'R3',
  what: 'after a kill under full load, readings are taken at full speed within seconds',
  async prove({ scale, progress }) {
    const isSmall = scale === 'small'
    const { firstPubackMs, fullRateMs } = recoveryBounds
    const figures = await recover({
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
    return { ...figures }
  },
}
