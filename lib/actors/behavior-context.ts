import type { OperatorFunction, SchedulerLike } from 'rxjs'
import { checkName } from '../time/check-key.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import type { ActorContext } from './behavior.ts'
import { checkLookup, type LookupOptions } from './lookups/lookup.ts'
import { type LookupHost, LookupStep } from './lookups/lookup-step.ts'
import { appendStep } from './steps/durable-chain.ts'
import type { Step } from './steps/step.ts'
import { stepOf } from './steps/step-of.ts'
import { type StepHost, StepTurn } from './steps/step-turn.ts'
import type { ValueReader, VersionedValue } from './values/versioned-value.ts'

/** What a behavior is shown of an actor, and its steps are given. */
export interface ContextHost extends StepHost, LookupHost {
  readonly key: string
  readonly clock: SchedulerLike
  readonly isInTurn: boolean
}

/** What an actor offers its behavior, which lays its chain of steps with it. */
export class BehaviorContext implements ActorContext {
  /** In the order of the chain. */
  readonly steps: Step[] = []
  private readonly actor: ContextHost
  private readonly values: ValueReader | undefined

  constructor(actor: ContextHost, values: ValueReader | undefined) {
    this.actor = actor
    this.values = values
  }

  get key(): string {
    return this.actor.key
  }

  get clock(): SchedulerLike {
    return this.actor.clock
  }

  durable<In extends Timed, Out, State>(
    name: string,
    processor: Processor<In, Out, State>,
  ): OperatorFunction<In, Out> {
    const general = processor as unknown as Processor<Timed, unknown>
    return this.append(stepOf(name, general, this.newTurn())) as unknown as OperatorFunction<In, Out>
  }

  lookup<In extends Timed, Answer, Out>(
    name: string,
    options: LookupOptions<In, Answer, Out>,
  ): OperatorFunction<In, Out> {
    const general = options as unknown as LookupOptions<Timed, unknown, unknown>
    checkLookup(name, general)
    const step = new LookupStep(name, general, this.newTurn(), this.actor)
    return this.append(step) as unknown as OperatorFunction<In, Out>
  }

  value<Value>(name: string): VersionedValue<Value> {
    const { values, actor } = this
    if (!values) {
      throw new Error(`Actor "${actor.key}" has no value "${name}": pass actors() an option \`values\``)
    }
    values.check(name)
    return {
      get current() {
        if (!actor.isInTurn) throw readOutsideTurn(name, actor.key)
        return values.read(name) as Value
      },
    }
  }

  private newTurn(): StepTurn {
    return new StepTurn(this.actor, this.steps.length)
  }

  private append(step: Step): OperatorFunction<unknown, unknown> {
    checkName('durable step', step.name)
    if (this.steps.some(({ name }) => name === step.name)) {
      throw new Error(
        `Two durable steps are named "${step.name}": the name is the recovery key, give each its own`,
      )
    }
    this.steps.push(step)
    return (source) => appendStep(source, step)
  }
}

const readOutsideTurn = (name: string, key: string): Error =>
  new Error(
    `The value "${name}" was read outside of a turn of actor "${key}", where no version is in force. ` +
      'Read `current` where an event is handled, not where the behavior is set up',
  )
