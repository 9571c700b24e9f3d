import { randomFrom } from '../lib/statistics/random.ts'
import { days } from '../lib/time/duration.ts'
import { type Load, load } from './load.ts'
import { type Metric, metrics } from './metric.ts'

/** A machine that does not exist. Its state moves one second a step. */
export interface Machine {
  readonly device: string
  /** Standard deviation of each metric when healthy, noise and load together, without the daily cycle. */
  readonly deviations: readonly number[]
  /** Moves on to `time` and writes what each healthy sensor would read, unrounded, into `values`. */
  step(time: number, values: Float64Array): void
}

/** Share of the variance of a machine's load that it has in common with its whole line. */
const sharedWithLine = 0.36
const own = Math.sqrt(1 - sharedWithLine)
const shared = Math.sqrt(sharedWithLine)

/** A machine of `line`, the load of which the caller steps once a second, before its machines. */
export function machine(seed: number, number: number, device: string, line: Load): Machine {
  const random = randomFrom(seed, 1, number)
  const ownLoad = load(random, 120)
  const levels = Float64Array.from(metrics, (metric) => metric.level + metric.spread * random.normal() * 0.5)
  const noises = new Float64Array(metrics.length)
  const lagged = new Float64Array(metrics.length)

  return {
    device,
    deviations: metrics.map((metric) => metric.noise * Math.sqrt(1 + laggedVariance(metric))),
    step(time, values) {
      ownLoad.step()
      const total = own * ownLoad.value + shared * line.value
      const cycle = dailyCycle(time)
      for (let i = 0; i < metrics.length; i++) {
        const { noise, memory, load: share, lag, daily } = metrics[i]!
        noises[i] = memory * noises[i]! + Math.sqrt(1 - memory * memory) * random.normal()
        lagged[i] = lag === 0 ? total : lagged[i]! + (total - lagged[i]!) / lag
        values[i] = levels[i]! + noise * (noises[i]! + share * lagged[i]! + daily * cycle)
      }
    },
  }
}

/** Variance that the load adds, in units of the noise's. A lag of τ seconds halves what varies within τ. */
function laggedVariance({ load: share, lag }: Metric): number {
  const kept = (memory: number) => (lag === 0 ? 1 : memory / (memory + lag))
  return share * share * ((1 - sharedWithLine) * kept(120) + sharedWithLine * kept(600))
}

/**
 * A day between −1 at 3 in the morning and +1 at 3 in the afternoon, UTC. Bhaskara's rational formula for
 * the sine (error below 0.002), because the sine of Math differs in the last bit between engines.
 */
export function dailyCycle(time: number): number {
  const turn = (((time / days(1) - 9 / 24) % 1) + 1) % 1
  const half = turn < 0.5 ? turn * 2 : turn * 2 - 1
  const product = 4 * half * (1 - half)
  const sine = (4 * product) / (5 - product)
  return turn < 0.5 ? sine : -sine
}
