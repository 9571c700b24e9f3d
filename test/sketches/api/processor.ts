import type { Timed, Versioned } from '../../../lib/index.ts'

/** A stateful step as a pure state machine over plain data, which the runner owns and saves. */
export interface Processor<In extends Timed, Out, State = unknown, Side extends OutputTag = never>
  extends Versioned {
  /** Tags of the side outputs that this step emits to. */
  readonly sides?: readonly Side[]
  /** Whether events must come in order of time, as they do behind `ordered`. */
  readonly expectsOrder?: boolean
  create(): State
  onEvent(state: State, event: In, out: Output<Out, Side>, turn: EventTurn): void
  /** The earliest event time at which this state needs `onTime`, Infinity for none. Must be cheap. */
  due?(state: State): number
  onTime?(state: State, time: number, out: Output<Out, Side>, turn: Turn): void
  /** The earliest listening time at which this state needs `onWake`, Infinity for none. Must be cheap. */
  wakeAt?(state: State): number
  onWake?(state: State, out: Output<Out, Side>, turn: EventTurn): void
  /** Whether this state equals a new one, so that its row can be deleted. */
  isEmpty?(state: State): boolean
}

/** A stateful step with two inputs. */
export interface JoinProcessor<Left extends Timed, Right extends Timed, Out, State = unknown>
  extends Versioned {
  create(): State
  onLeft(state: State, event: Left, out: Output<Out>, turn: EventTurn): void
  onRight(state: State, event: Right, out: Output<Out>, turn: EventTurn): void
  due?(state: State): number
  onTime?(state: State, time: number, out: Output<Out>, turn: Turn): void
  isEmpty?(state: State): boolean
}

/** Where a step emits. */
export interface Output<Out, Side extends OutputTag = never> {
  emit(value: Out): void
  /** Emits to a side output that the step names in `sides`. */
  to<T>(tag: OutputTag<T> & Side, value: NoInfer<T>): void
  /** Emits to the late output. The same event counts once a turn. */
  late(event: Timed): void
}

/** What a step can read in an event time timer: nothing that depends on when the timer fires. */
export interface Turn {
  /** Key of the actor. */
  readonly key: string
  /** Key of the state within `perKey`, empty outside. */
  readonly subkey: string
  readonly watermark: number
}

/** What a step can read when an event has arrived or listening time has passed. */
export interface EventTurn extends Turn {
  /** Name of the input, empty for a stage with one. */
  readonly input: string
  /** Wall time of the arrival, epoch milliseconds. */
  readonly arrival: number
  /** Milliseconds; advances only while sources are read. */
  readonly listeningTime: number
  value<Value>(value: Broadcast<Value>): Value
}

/** A side output with values of one type. Its name is unique within a stage. */
export interface OutputTag<out T = unknown> {
  readonly name: string
  /** Only a type. */
  readonly values?: readonly T[]
}

export declare function outputTag<T>(name: string): OutputTag<T>

/** A value that every actor of a graph can read and that changes now and then: rules, thresholds, a model. */
export interface Broadcast<in out Value> {
  readonly name: string
  /** Only a type. */
  readonly versions?: (value: Value) => Value
}

export declare function broadcast<Value>(name: string): Broadcast<Value>
