import type { Observable } from 'rxjs'
import type { Store } from '../state/store.ts'
import type { Duration } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import type { WallClock } from '../time/wall-clock.ts'
import type { Behavior } from './behavior.ts'
import type { Pace } from './commit/pace.ts'
import type { ReplayProgress } from './commit/replay.ts'

export interface ActorsOptions<In extends Timed, Out> {
  /** Names the actor an event belongs to: 1 to 256 characters. */
  readonly key: (event: In) => string
  readonly behavior: Behavior<In, Out>
  readonly store: Store
  /**
   * What all actors of the stage read and what changes now and then, by name: rules, thresholds, a model;
   * Flink's broadcast state. Every turn reads the version in force at its place in the journal, also when it
   * is replayed. The last version survives a restart; until each has one, the source is not subscribed to.
   * Plain data. A behavior reads it with `actor.value(name)`.
   */
  readonly values?: Readonly<Record<string, Observable<unknown>>>
  /** Name of this stage, the recovery key of all its state. 'actors' unless given. */
  readonly name?: string
  /** To be raised with every change that makes the behavior give other results. 1 unless given. */
  readonly version?: number
  /** Actors in memory at the most, 50,000 unless given. The others sleep on disk. */
  readonly resident?: number
  /** Silence in wall time after which what is pending gives provisional results, 1 minute unless given. */
  readonly idleAfter?: Duration
  /** Silence after which what is pending gives its final results, 24 hours unless given. */
  readonly closeAfter?: Duration
  /** Silent actors ticked in one second at the most, those asleep included; 5,000 unless given. */
  readonly ticksPerSecond?: number
  /**
   * Called about once a second while the journal of an earlier process is replayed, and once when all of it
   * is, or there was none: then `replayed` is `entries`. Events are taken meanwhile, not at full speed yet.
   */
  readonly onReplay?: (progress: ReplayProgress) => void
  readonly clock?: WallClock
  /** How often and how much is written: the same for all stages of a store. `defaultPace` unless given. */
  readonly pace?: Partial<Pace>
}
