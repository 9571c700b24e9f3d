/** A device that has published, as the store knows it. */
export interface KnownDevice {
  readonly device: string
  /** Event time of its latest reading that can be trusted, epoch milliseconds; −Infinity when none can. */
  readonly lastSeen: number
  readonly metrics: readonly KnownMetric[]
}

export interface KnownMetric {
  readonly metric: string
  /** The latest reading. */
  readonly value: number
  /** Readings that the baseline has learned from, and those that wait to be before the watermark. */
  readonly readings: number
  /** What readings are compared with: those before the watermark, so the latest are not in it yet. */
  readonly baseline: { readonly mean: number; readonly standardDeviation: number; readonly count: number }
}
