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
  /** Readings taken so far: all but those that were late or quarantined. */
  readonly readings: number
  /** Of the latest readings, those that `baseline` does not include yet. */
  readonly waiting: number
  /** What readings are compared with: those before the watermark, so the latest are not in it yet. */
  readonly baseline: { readonly mean: number; readonly standardDeviation: number; readonly count: number }
}
