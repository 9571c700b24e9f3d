/** What a processor can read while it handles one event, timer or silence. */
export interface Turn {
  /** Key of the actor. */
  readonly key: string
  /** Sub-key whose state is at hand, inside `perKey`. Empty elsewhere. */
  readonly subkey: string
  /**
   * No event at or before this moment is expected any more. −Infinity until the first is known. While
   * `onTime` runs it is still where it was before, so that what one step emits for a moment is not late for
   * the next step.
   */
  readonly watermark: number
  /** Wall time at which what is being handled arrived. Journaled, so a replay sees the same. */
  readonly arrival: number
}

/** What a clock step has besides: it moves the watermark. */
export interface ClockTurn extends Turn {
  /** Moves the watermark forward once the event has been handled; never back. Throws for NaN. */
  advance(watermark: number): void
}
