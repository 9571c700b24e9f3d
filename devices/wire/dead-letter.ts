/** The value of a dead letter: a publish of which something could not be read. */
export interface DeadLetter {
  readonly topic: string
  /** The device that the topic names, if it names one. */
  readonly device?: string
  /** The first bytes of the payload, 1 kB at the most, in base64. */
  readonly payload: string
  /** Length of the whole payload. */
  readonly payloadBytes: number
  /** Whether `payload` is not all of it. */
  readonly isCut: boolean
  /** The id of the client that sent it. */
  readonly client: string
  /**
   * When it stands for publishes with the same fault that followed the first: how many, and when the one
   * before them was reported, in epoch milliseconds. The rest is of the newest one.
   */
  readonly repeats?: { readonly count: number; readonly since: number }
}
