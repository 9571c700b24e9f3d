/** Anything that happened at a moment. */
export interface Timed {
  /** Event time: epoch milliseconds at which it happened, not at which it was received. */
  readonly time: number
}
