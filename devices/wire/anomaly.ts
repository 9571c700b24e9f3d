/** One change in an episode: a stretch in which a metric of a device departs from its baseline. */
export interface Anomaly {
  readonly device: string
  readonly metric: string
  readonly phase: 'opened' | 'updated' | 'closed'
  /**
   * Provisional: judged on arrival. Confirmed: judged again in event order once the watermark had passed.
   * Withdrawn: what arrival order suggested, event order did not bear out.
   */
  readonly status: 'provisional' | 'confirmed' | 'withdrawn'
  /** Event time of the reading or window end that caused this, epoch milliseconds. */
  readonly time: number
  /** Event time at which the episode opened. With device, metric and detector it names the episode. */
  readonly since: number
  /** The reading, or of the window's readings the mean, or for the spread their standard deviation. */
  readonly value: number
  /** Distance from the baseline's mean, in its standard deviations, signed. */
  readonly score: number
  /** What was judged: a single reading, the mean of a minute, or the spread within a minute. */
  readonly detector: 'reading' | 'minute' | 'spread'
  readonly baseline: { readonly mean: number; readonly standardDeviation: number; readonly count: number }
  /** What `value` was taken over: a window [start, end), or a single moment with start = end. */
  readonly window: { readonly start: number; readonly end: number }
}
