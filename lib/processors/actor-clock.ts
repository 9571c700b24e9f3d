import type { Clock } from '../time/clock.ts'
import type { ClockProcessor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import type { WatermarkPolicy } from '../time/watermark-policy.ts'
import { type WatermarkOptions, watermarks } from './watermarks.ts'

export interface ActorClockOptions extends WatermarkOptions {
  /** Name of the step that keeps the clock, the recovery key of its state. 'time' unless given. */
  readonly step?: string
}

/**
 * One clock for each actor, moved by its own events only. For devices, which go offline, upload what they
 * have buffered, and have wrong clocks. An event whose time is not accepted goes to `quarantined`.
 */
export const actorClock = <State>(
  policy: WatermarkPolicy<State>,
  { step = 'time', ...options }: ActorClockOptions = {},
): Clock<'actor'> => ({
  scope: 'actor',
  step,
  processor: watermarks<Timed, State>(policy, options) as ClockProcessor<Timed>,
})
