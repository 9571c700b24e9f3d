import type { KeyedProcessor, Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { KeyedStep } from './keyed-step.ts'
import { SingleStep } from './single-step.ts'
import type { Downstream, StepTurn } from './step-turn.ts'

/** One row of a step's state. */
export interface StepRow {
  readonly subkey: string
  readonly state: unknown
}

/** A durable step at run time: a processor, its state, and what of it must be saved. */
export interface Step extends Downstream {
  readonly name: string
  readonly version: number
  readonly turn: StepTurn
  /** No timer is due before this; exact after `onTime`. */
  readonly due: number
  onTime(time: number): void
  onIdle(): void
  /** Puts back a row. `isSaved` is false when the disk does not hold it yet. */
  restore(subkey: string, state: unknown, isSaved: boolean): void
  /** Marks what carries the watermark as changed, though no event changed a state. */
  touch(): void
  /** Rows changed since the last call. */
  takeDirty(): readonly StepRow[]
  /** All rows. */
  rows(): readonly StepRow[]
}

const isKeyed = (processor: Processor<Timed, unknown>): processor is KeyedProcessor<Timed, unknown> =>
  'keyOf' in processor && 'each' in processor

export const stepOf = (name: string, processor: Processor<Timed, unknown>, turn: StepTurn): Step =>
  isKeyed(processor) ? new KeyedStep(name, processor, turn) : new SingleStep(name, processor, turn)
