import type { KeyedProcessor, Processor } from '../../time/processor.ts'
import type { Timed } from '../../time/timed.ts'
import { KeyedStep } from './keyed-step.ts'
import { SingleStep } from './single-step.ts'
import type { Step } from './step.ts'
import type { StepTurn } from './step-turn.ts'

/** The step that runs `processor`: with one state, or with one for each sub-key. */
export const stepOf = (name: string, processor: Processor<Timed, unknown>, turn: StepTurn): Step =>
  isKeyed(processor) ? new KeyedStep(name, processor, turn) : new SingleStep(name, processor, turn)

const isKeyed = (processor: Processor<Timed, unknown>): processor is KeyedProcessor<Timed, unknown> =>
  'keyOf' in processor && 'each' in processor
