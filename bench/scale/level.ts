/** What the simulated hour came to. */
export interface HourFigures {
  readonly most_ticks_in_a_simulated_second: number
  readonly ticks_per_second_at_most: number
  readonly samples: readonly HourSample[]
}

export interface HourSample {
  /** Simulated minutes since the beginning. */
  readonly minute: number
  readonly store_mb: number
}

/** Most that the store may grow in the last half hour, as a share of what it is by then. */
const mostGrowth = 0.02

/**
 * Growth of the data file in the last half hour, as a share. LMDB uses the pages of removed rows again and
 * never gives one back, so a store whose rows are as many as before has a file that stays as long.
 */
export function storeGrowth({ samples }: HourFigures): number {
  const half = samples.find(({ minute }) => minute >= 30)!.store_mb
  return Number((samples.at(-1)!.store_mb / half - 1).toFixed(4))
}

export const hasLevelledOff = (hour: HourFigures): boolean => storeGrowth(hour) <= mostGrowth
