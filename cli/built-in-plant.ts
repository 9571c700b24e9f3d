import { type Duration, days, minutes, seconds } from '../lib/time/duration.ts'
import { systemClock } from '../lib/time/wall-clock.ts'
import { drivePlant } from '../simulators/drive-plant.ts'
import { metrics } from '../simulators/metric.ts'
import { type Plant, plant } from '../simulators/plant.ts'

/** Enough for every detector to have warmed up. */
const longestHistory = minutes(20)

/**
 * The plant that `tidemark start` brings along: 100 sensors with twenty minutes of healthy history, whose
 * first fault comes as soon as it is live. After a restart the history begins where the last run ended.
 * @param lastRun Wall time at which the last run ended, epoch milliseconds.
 */
export const builtInPlant = (seed: number, now: number, lastRun = Number.NEGATIVE_INFINITY): Plant => {
  const history: Duration = Math.min(longestHistory, Math.max(0, now - lastRun))
  return plant({
    seed,
    start: now - history,
    machines: 25,
    machinesPerLine: 5,
    duration: days(30),
    // The history takes a few seconds to play, and a fault has to be live to be caught live.
    healthyFor: history + seconds(8),
    faultEvery: seconds(30),
  })
}

export const sensorsOf = ({ devices }: Plant): number => devices.length * metrics.length

/** Plays the plant to the broker of this process. Resolves when `signal` has ended it. */
export const playBuiltInPlant = async (
  simulated: Plant,
  port: number,
  signal: AbortSignal,
  onNotice: (line: string) => void,
): Promise<void> => {
  const began = systemClock.now()
  let live = false
  await drivePlant(simulated, {
    url: `mqtt://127.0.0.1:${port}`,
    clock: systemClock,
    signal,
    progressEvery: seconds(0.2),
    onProgress: ({ isLive, readings }) => {
      if (live || !isLive) return
      live = true
      const took = ((systemClock.now() - began) / 1_000).toFixed(1)
      onNotice(
        `simulator: ${readings} readings of healthy history played in ${took} s; live now, faults follow`,
      )
    },
  })
}
