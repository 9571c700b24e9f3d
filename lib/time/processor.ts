import type { Output } from './output.ts'
import type { Timed } from './timed.ts'
import type { ClockTurn, Turn } from './turn.ts'

/**
 * By the version they start from: each takes a saved state of that version, which it may change, and returns
 * that of the next. Pure: no clock, no randomness. Kept for as long as a store may hold such a state.
 */
export type Migrations = Readonly<Record<number, (saved: never) => unknown>>

/** What a runner has to know to bring a saved state to the shape of today. */
export interface Versioned {
  /** Version of the state's shape, 1 unless given. To be raised, with a migration, when that changes. */
  readonly version?: number
  readonly migrations?: Migrations
  /**
   * The processors that this one is composed of: its state is an array of theirs, each migrated by itself.
   * When parts are added, left out or change places, the composition itself needs a higher version and a
   * migration from the saved parts to those of today, `{ 1: ([a]: readonly SavedPart[]) => [a, undefined] }`:
   * that one adds a part that begins anew.
   */
  readonly parts?: readonly Versioned[]
  create(): unknown
}

/**
 * A stateful step as a pure state machine: no I/O, no clock of its own, no randomness, no RxJS. The runner
 * owns the state, saves it and restores it at will. State is plain data: numbers, strings, booleans, null,
 * arrays, plain objects, Map, Set and typed arrays. Names that come from outside belong in a Map.
 */
export interface Processor<In extends Timed, Out, State = unknown> extends Versioned {
  create(): State
  onEvent(state: State, event: In, out: Output<Out>, turn: Turn): void
  /** The earliest event time at which this state wants `onTime`, Infinity for none. Must be cheap. */
  due?(state: State): number
  /** The watermark has passed `time`, which is what `due` asked for. Must leave `due` later than `time`. */
  onTime?(state: State, time: number, out: Output<Out>, turn: Turn): void
  /**
   * The actor has been silent in wall time while something was due or awaited it: a chance for provisional
   * results. Called once, and once more when the silence has lasted so long that what is open is closed.
   */
  onIdle?(state: State, out: Output<Out>, turn: Turn): void
  /** Whether silence alone says something to this state: then `onIdle` is called though nothing is due. */
  awaitsSilence?(state: State): boolean
}

/** A clock step: a processor that hands its events on and moves the actor's watermark. */
export interface ClockProcessor<In extends Timed, State = unknown> extends Processor<In, In, State> {
  /** Tells a graph that steps behind this one have a clock. */
  readonly isClock?: true
  onEvent(state: State, event: In, out: Output<In>, turn: ClockTurn): void
}

/**
 * A processor that keeps one state for each sub-key. The runner saves each sub-key as a row of its own, so
 * that a device with many metrics writes only those that changed.
 */
export interface KeyedProcessor<In extends Timed, Out, State = unknown>
  extends Processor<In, Out, Map<string, State>> {
  readonly keyOf: (event: In) => string
  readonly each: Processor<In, Out, State>
}
