import type { Spent } from './pipeline.ts'

interface Round {
  readonly healthy: Spent
  readonly poisoned: Spent
}

/** Medians over rounds: a machine that others use too has bad moments. */
export function medianCost(rounds: readonly Round[]) {
  const quantile = (share: number, of: (round: Round) => number): number => {
    const sorted = rounds.map(of).sort((a, b) => a - b)
    const place = share * (sorted.length - 1)
    const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
    return below + (above - below) * (place % 1)
  }
  const median = (of: (round: Round) => number): number => quantile(0.5, of)
  const cost = ({ healthy, poisoned }: Round): number => 100 * (1 - rate(poisoned) / rate(healthy))
  return {
    others_per_second: Math.round(median(({ poisoned }) => rate(poisoned))),
    others_per_second_without_poison: Math.round(median(({ healthy }) => rate(healthy))),
    cost_percent: rounded(median(cost)),
    cost_percent_quartiles: [rounded(quantile(0.25, cost)), rounded(quantile(0.75, cost))],
    cpu_us_per_reading: rounded(median(({ poisoned }) => cpu(poisoned))),
    cpu_us_per_reading_without_poison: rounded(median(({ healthy }) => cpu(healthy))),
    cpu_cost_percent: rounded(100 * median(({ healthy, poisoned }) => cpu(poisoned) / cpu(healthy) - 1)),
  }
}

const rate = ({ readings, seconds }: Spent): number => readings / seconds
const cpu = ({ readings, cpuMicros }: Spent): number => cpuMicros / readings
const rounded = (value: number): number => Number(value.toFixed(2))
