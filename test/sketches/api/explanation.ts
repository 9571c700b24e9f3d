import type { ClockScope } from './clocks.ts'

/** Why an actor has not emitted. Times are epoch milliseconds unless a field says otherwise. */
export interface Explanation {
  readonly stage: string
  readonly key: string
  readonly clock: ClockScope
  /** −Infinity until the first event. */
  readonly watermark: number
  readonly heldBackBy: Hindrance | undefined
  /** The earliest first. */
  readonly pending: readonly PendingStep[]
}

/** What keeps the watermark from moving. */
export interface Hindrance {
  readonly by: 'input' | 'bound' | 'idle' | 'hold' | 'sweep'
  /** The input, source or step. */
  readonly name: string
  /** A sentence with the remedy. */
  readonly message: string
}

export interface PendingStep {
  readonly step: string
  readonly subkey: string
  /** Event time of the next timer, Infinity for none. */
  readonly due: number
  /** Listening time in milliseconds of the next wake-up, Infinity for none. */
  readonly wakeAt: number
}
