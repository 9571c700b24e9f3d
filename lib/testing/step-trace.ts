import { isDeepStrictEqual } from 'node:util'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { ActorContext, Behavior } from '../actors/behavior.ts'
import type { LookupOptions } from '../actors/lookups/lookup.ts'
import type { VersionedValue } from '../actors/values/versioned-value.ts'
import { checksum } from '../state/rows/checksum.ts'
import { encode } from '../state/rows/codec.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { tracedProcessor } from './traced-processor.ts'

/** What happened at a durable step: an event was given to it, it put one out, a timer fired, silence. */
export interface StepRecord {
  readonly step: string
  readonly what: 'given' | 'put out' | 'timer' | 'silence'
  readonly value: unknown
}

/**
 * What happened at the durable steps of one actor, all its life: two runs of the same events must agree in
 * it, even where what comes out in the end happens to be the same.
 */
export class StepTrace {
  /** Names of the durable steps, in the order of the chain. */
  steps: string[] = []
  /** Answers that lookups wait for. */
  readonly asked = new Set<Promise<unknown>>()
  records: unknown[] = []
  private turnFrom = 0
  private readonly inFull: boolean
  private readonly isReplayed: boolean

  /**
   * @param inFull Whether records are kept as they are, or as checksums, for long cases.
   * @param isReplayed Whether an actor that is made anew is given all its events again.
   */
  constructor(inFull: boolean, isReplayed: boolean) {
    this.inFull = inFull
    this.isReplayed = isReplayed
  }

  beginTurn(): void {
    this.turnFrom = this.records.length
  }

  /** The behavior, with every durable step traced. */
  of<In extends Timed, Out>(behavior: Behavior<In, Out>): Behavior<In, Out> {
    return (inbox, actor) => {
      // An actor is made anew in a turn before the turn begins, or to undo it.
      this.records.length = this.isReplayed ? 0 : this.turnFrom
      this.steps = []
      return behavior(inbox, new TracedContext(actor, this))
    }
  }

  note(step: string, what: StepRecord['what'], value: unknown): void {
    this.records.push(this.inFull ? { step, what, value: copied(value) } : checksumOf([step, what, value]))
  }
}

/** Index of the first record in which two traces differ, or undefined. */
export function firstDifference(one: readonly unknown[], other: readonly unknown[]): number | undefined {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    if (!isDeepStrictEqual(one[index], other[index])) return index
  }
  return undefined
}

class TracedContext implements ActorContext {
  private readonly actor: ActorContext
  private readonly trace: StepTrace

  constructor(actor: ActorContext, trace: StepTrace) {
    this.actor = actor
    this.trace = trace
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
    this.trace.steps.push(name)
    return this.actor.durable(
      name,
      tracedProcessor(processor, (what, value) => this.trace.note(name, what, value)),
    )
  }

  lookup<In extends Timed, Answer, Out>(
    name: string,
    options: LookupOptions<In, Answer, Out>,
  ): OperatorFunction<In, Out> {
    const { asked } = this.trace
    const ask: typeof options.ask = (event, context) => {
      const answer = Promise.resolve(options.ask(event, context))
      asked.add(answer)
      answer.catch(() => {}).finally(() => asked.delete(answer))
      return answer
    }
    return this.actor.lookup(name, { ...options, ask })
  }

  value<Value>(name: string): VersionedValue<Value> {
    return this.actor.value(name)
  }
}

/** As it is now: what is handed on may be changed later. */
function copied(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    return value
  }
}

function checksumOf(record: unknown): number | string {
  try {
    const bytes = encode(record)
    return checksum(bytes, 0, bytes.length)
  } catch (error) {
    return String(error)
  }
}
