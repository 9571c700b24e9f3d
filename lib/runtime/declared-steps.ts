import { identity, NEVER, type OperatorFunction, type SchedulerLike } from 'rxjs'
import type { ActorContext, Behavior } from '../actors/behavior.ts'
import { EventClock } from '../time/event-clock.ts'
import type { ClockProcessor, KeyedProcessor, Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { type Part, partText } from './port.ts'

/** A step that a behavior has declared. */
export interface DeclaredStep {
  readonly name: string
  /** It has timers in event time, and no step before it moves that. */
  readonly needsClock: boolean
}

/**
 * Calls a behavior once, without an event and without a subscription, to learn its steps. Throws when the
 * behavior reads what only an actor has, or names two steps alike.
 */
export function declaredSteps(stage: Part, behavior: Behavior<Timed, unknown>): readonly DeclaredStep[] {
  const declaration = new Declaration(stage)
  behavior(NEVER, declaration)
  return declaration.steps
}

/** What tells a graph how a step depends on event time. */
type DeclaredProcessor = Partial<
  Pick<ClockProcessor<Timed>, 'isClock' | 'due'> & Pick<KeyedProcessor<Timed, unknown>, 'each'>
>

/** What a behavior is given instead of an actor. */
class Declaration implements ActorContext {
  readonly steps: DeclaredStep[] = []
  readonly clock: SchedulerLike = new EventClock({ onError: () => {} })
  private readonly stage: Part
  private hasClock = false

  constructor(stage: Part) {
    this.stage = stage
  }

  get key(): string {
    throw new Error(
      `actor.key is not available while the behavior of ${partText(this.stage)} is called: ` +
        'read it in an operator, or turn.key in a processor',
    )
  }

  durable<In extends Timed, Out>(name: string, processor: Processor<In, Out>): OperatorFunction<In, Out> {
    const { isClock, due, each } = processor as DeclaredProcessor
    if (isClock) this.hasClock = true
    const hasTimers = (each ?? { due }).due !== undefined
    return this.add(name, hasTimers && !this.hasClock)
  }

  lookup<In, Out>(name: string): OperatorFunction<In, Out> {
    return this.add(name, false)
  }

  value(name: string): never {
    throw new Error(`Broadcast value "${name}" is not available in ${partText(this.stage)}`)
  }

  private add<In, Out>(name: string, needsClock: boolean): OperatorFunction<In, Out> {
    if (this.steps.some((step) => step.name === name)) {
      throw new Error(
        `Two steps of ${partText(this.stage)} are named "${name}": give each a unique name, ` +
          'and share() a chain with two subscribers',
      )
    }
    this.steps.push({ name, needsClock })
    return identity as unknown as OperatorFunction<In, Out>
  }
}
