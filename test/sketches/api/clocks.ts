import type { Duration, WatermarkPolicy } from '../../../lib/index.ts'

/**
 * Which clock the values of a stream follow: one for all keys, one for each actor that reads them, or none.
 * Streams of different scopes cannot be merged, or be inputs of one stage.
 */
export type ClockScope = 'shared' | 'actor' | 'none'

/** How far event time has come. */
export interface Clock<out Scope extends ClockScope> {
  readonly scope: Scope
}

/**
 * One clock for all keys. It closes the windows and sessions of every key, including keys that receive no
 * more events. For logs, payments, page views, orders.
 */
export declare function sharedClock(policy: WatermarkPolicy, options?: SharedClockOptions): Clock<'shared'>

/**
 * One clock for each actor, moved by its own events only. For devices, which go offline, upload what they
 * have buffered, and have wrong clocks.
 */
export declare function actorClock(policy: WatermarkPolicy, options?: ActorClockOptions): Clock<'actor'>

/** Which event times are accepted. An event with another time goes to `quarantined` and moves no clock. */
interface AcceptedTimes {
  /** How far ahead of its arrival an event may be. 5 minutes unless given. */
  readonly maxFutureSkew?: Duration
  /** How far behind its arrival an event may be. Unlimited unless given. */
  readonly maxPastSkew?: Duration
  /** The earliest time accepted, epoch milliseconds. 2001-01-01 unless given. */
  readonly earliest?: number
}

export interface SharedClockOptions extends AcceptedTimes {
  /** A larger step forward is taken only when three events in a row agree. One hour unless given. */
  readonly maxJump?: Duration
  /** Silence after which time goes on while the source is caught up. One minute unless given. */
  readonly idleAfter?: Duration
}

export interface ActorClockOptions extends AcceptedTimes {
  /** Name of the step that keeps the clock, the recovery key of its state. 'time' unless given. */
  readonly step?: string
}

/** Scope of a stage's outputs: a shared clock goes through the stage, otherwise its `outputClock` counts. */
export type ScopeBehind<Scope extends ClockScope, Given extends ClockScope> = 'shared' extends Scope
  ? 'shared'
  : Given
