/** One measured value of one metric of one device. */
export interface Reading {
  readonly device: string
  readonly metric: string
  /** Finite, at most 1e15 in magnitude. */
  readonly value: number
  /** Event time, epoch milliseconds. */
  readonly time: number
}
