import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../../lib/time/wall-clock.ts'
import { drivePlant } from '../../../simulators/drive-plant.ts'
import { plant } from '../../../simulators/plant.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/** Of megabytes, with the simulated plant of 10,000 sensors. */
const mostPerMinute = 600
/** `whole` is measured once changed states are saved as fast as they change; `small` sees the journal alone. */
const lengths = {
  small: { warmUpMs: 1_000, measureMs: 4_000 },
  whole: { warmUpMs: 20_000, measureMs: 40_000 },
} as const

/** The bytes that a steady load makes the process write: a small disk must survive them for years. */
export const writeVolume: HostileFault = {
  id: 'R15',
  what: 'A plant of 10,000 sensors does not wear a disk out',
  async prove({ scale, progress }) {
    const { warmUpMs, measureMs } = lengths[scale]
    const tidemark = await TidemarkProcess.start()
    const ended = new AbortController()
    const never = Number.POSITIVE_INFINITY
    const simulated = plant({
      ...{ start: systemClock.now(), faultEvery: never, outageEvery: never, badClockEvery: never },
    })
    let acknowledged = 0
    const driven = drivePlant(simulated, {
      url: `mqtt://127.0.0.1:${tidemark.port}`,
      clock: systemClock,
      signal: ended.signal,
      progressEvery: 100,
      onProgress: (reached) => {
        acknowledged = reached.acknowledged
      },
    })
    try {
      await Promise.race([driven, wait(warmUpMs)])
      const before = { written: tidemark.writtenBytes, acknowledged, at: performance.now() }
      progress(`measuring for ${measureMs / 1_000} s`)
      await Promise.race([driven, wait(measureMs)])
      const minutes = (performance.now() - before.at) / 60_000
      const mbPerMinute = (tidemark.writtenBytes - before.written) / 1e6 / minutes
      const publishes = acknowledged - before.acknowledged
      return {
        // Where the kernel does not count what a process writes there is nothing to hold.
        holds: publishes > 0 && !(mbPerMinute > mostPerMinute),
        mb_per_minute: Math.round(mbPerMinute),
        publishes_per_second: Math.round(publishes / minutes / 60),
        bytes_per_publish: Math.round((mbPerMinute * minutes * 1e6) / publishes),
      }
    } finally {
      ended.abort()
      await driven.catch(() => {})
      await tidemark.remove()
    }
  },
}
