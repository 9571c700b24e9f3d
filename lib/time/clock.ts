import type { ClockProcessor } from './processor.ts'
import type { Timed } from './timed.ts'

/**
 * Which clock the values of a stream follow: one for each actor that reads them, or none. Streams of
 * different scopes cannot be merged.
 */
export type ClockScope = 'actor' | 'none'

/** How far event time has come. */
export interface Clock<out Scope extends ClockScope = ClockScope> {
  readonly scope: Scope
  /** Name of the step that keeps the clock, the recovery key of its state. */
  readonly step: string
  /** The first step of every actor that reads the stream. */
  readonly processor: ClockProcessor<Timed>
}
