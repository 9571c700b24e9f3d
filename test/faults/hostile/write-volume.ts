import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../../lib/time/wall-clock.ts'
import { drivePlant } from '../../../simulators/drive-plant.ts'
import { plant } from '../../../simulators/plant.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/** Megabytes a minute, with the simulated plant of 10,000 sensors. */
const mostPerMinute = 600
/** `small` ends before states are saved, and so measures the journal alone. */
const lengths = {
  small: { warmUpMs: 1_000, measureMs: 4_000 },
  whole: { warmUpMs: 20_000, measureMs: 40_000 },
} as const

/** Plays a plant and measures the bytes that the process writes, by the count of the kernel. */
export const writeVolume: HostileFault = {
  id: 'R15',
  what: 'a plant of 10,000 sensors makes the process write at most 600 MB a minute',
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
        // Without a count by the kernel, as on macOS, the volume is NaN and only the publishes are checked.
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
