import type { Observable, OperatorFunction, SchedulerLike, Unsubscribable } from 'rxjs'
import type { TurnKind } from '../state/journal-entry.ts'
import { EventClock } from '../time/event-clock.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import type { ActorContext, Behavior } from './behavior.ts'
import { checkName } from './check-key.ts'
import { type Answered, checkLookup, type LookupOptions, type Question } from './lookups/lookup.ts'
import { type LookupHost, LookupStep } from './lookups/lookup-step.ts'
import { appendStep } from './steps/durable-chain.ts'
import { BothReaders, Inbox, type InboxReader } from './steps/inbox.ts'
import type { Step } from './steps/step.ts'
import { stepOf } from './steps/step-of.ts'
import { type StepHost, StepTurn } from './steps/step-turn.ts'
import type { TurnOutputs } from './turn-outputs.ts'
import type { ValueReader, VersionedValue } from './values/versioned-value.ts'

/** Timers an actor fires in one turn at the most: one device's clock never costs another device time. */
export const firingsPerTurn = 1_000

/** One actor in memory: its behavior's chain, its clock, and the turn it is in. */
export class Actor implements ActorContext, StepHost, LookupHost {
  readonly key: string
  readonly steps: Step[] = []
  watermark = Number.NEGATIVE_INFINITY
  arrival = 0
  /** Undefined between turns: whatever is emitted then was not caused by an entry of the journal. */
  private outputs: TurnOutputs | undefined
  /** Nearly always the first step of the chain. */
  private reader: InboxReader | undefined
  private readonly subscription: Unsubscribable
  private eventClock: EventClock | undefined
  /** While timers fire, how many steps have been taken to `watermark`. The others are still where it was. */
  private taken = Number.POSITIVE_INFINITY
  private before = Number.NEGATIVE_INFINITY
  /** Where the watermark goes once the event at hand has been handled. */
  private target = Number.NEGATIVE_INFINITY
  private failure: { readonly error: unknown } | undefined
  private readonly onMisuse: (reason: Error) => void
  private readonly values: ValueReader | undefined

  constructor(
    key: string,
    behavior: Behavior<Timed, unknown>,
    onMisuse: (reason: Error) => void,
    values?: ValueReader,
  ) {
    this.key = key
    this.onMisuse = onMisuse
    this.values = values
    const inbox = new Inbox((reader) => {
      this.reader = this.reader ? new BothReaders(this.reader, reader) : reader
    })
    this.subscription = behavior(inbox as Observable<Timed>, this).subscribe(this)
  }

  /** Unsubscribes, and never completes: what waits for an end waits for the next time it is woken. */
  stop(): void {
    this.subscription.unsubscribe()
  }

  get clock(): SchedulerLike {
    this.eventClock ??= new EventClock({
      now: this.watermark,
      onError: (error) => this.outputs?.dead(null, `a timer of actor "${this.key}" threw: ${String(error)}`),
    })
    return this.eventClock
  }

  durable<In extends Timed, Out, State>(
    name: string,
    processor: Processor<In, Out, State>,
  ): OperatorFunction<In, Out> {
    return this.append(
      stepOf(name, processor as unknown as Processor<Timed, unknown>, new StepTurn(this, this.steps.length)),
    ) as unknown as OperatorFunction<In, Out>
  }

  lookup<In extends Timed, Answer, Out>(
    name: string,
    options: LookupOptions<In, Answer, Out>,
  ): OperatorFunction<In, Out> {
    const general = options as unknown as LookupOptions<Timed, unknown, unknown>
    checkLookup(name, general)
    return this.append(
      new LookupStep(name, general, new StepTurn(this, this.steps.length), this),
    ) as unknown as OperatorFunction<In, Out>
  }

  value<Value>(name: string): VersionedValue<Value> {
    const { values, key } = this
    if (!values) throw new Error(`Actor "${key}" has no value "${name}": pass actors() an option \`values\``)
    values.check(name)
    const isInTurn = (): boolean => this.outputs !== undefined
    return {
      get current() {
        if (!isInTurn()) throw readOutsideTurn(name, key)
        return values.read(name) as Value
      },
    }
  }

  /** Takes one entry, with all that follows from it, into `outputs`. Throws what the behavior threw. */
  turn(kind: TurnKind, event: unknown, arrival: number, outputs: TurnOutputs): void {
    this.arrival = arrival
    this.outputs = outputs
    try {
      if (kind === 'event') this.reader?.next(event)
      else if (kind === 'answer') this.lookupOf(event as Answered)?.onAnswer(event as Answered)
      else for (const step of this.steps) step.onIdle()
      this.fireTimers(kind === 'close' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)
    } finally {
      this.outputs = undefined
    }
    if (this.failure) throw this.failure.error
  }

  /** Something waits for event time to pass, which only silence can bring out now, or for silence itself. */
  get isPending(): boolean {
    return this.nextDue() < Number.POSITIVE_INFINITY || this.awaitsSilence
  }

  /** The same once it is saved: timers of stock operators are forgotten with the actor. */
  get isPendingWhenSaved(): boolean {
    return this.steps.some(({ due }) => due < Number.POSITIVE_INFINITY) || this.awaitsSilence
  }

  /** Silence itself says something to one of its steps. */
  get awaitsSilence(): boolean {
    return this.steps.some(({ awaitsSilence }) => awaitsSilence)
  }

  /** Everything it waits for an answer to. */
  *questions(): Generator<Question> {
    for (const step of this.steps) if (step instanceof LookupStep) yield* step.questions()
  }

  awaits(answered: Answered): boolean {
    return this.lookupOf(answered)?.isPending(answered.id) ?? false
  }

  /** Waits for an answer no longer. Returns the event it was about. */
  forget(answered: Answered): unknown {
    return this.lookupOf(answered)?.forget(answered.id)
  }

  /** Puts the clock of a restored actor where it was. */
  resumeAt(watermark: number): void {
    this.target = watermark
    this.settleAt(watermark)
  }

  next(value: unknown): void {
    if (this.outputs) this.outputs.values.push(value)
    else this.onMisuse(emittedOutsideTurn(this.key))
  }

  error(error: unknown): void {
    this.failure = { error }
    if (!this.outputs) this.onMisuse(emittedOutsideTurn(this.key))
  }

  complete(): void {}

  watermarkAt(place: number): number {
    return place < this.taken ? this.watermark : this.before
  }

  late(event: Timed, watermark: number): void {
    this.outputs?.late(event, watermark)
  }

  quarantine(event: Timed, reason: string): void {
    this.outputs?.quarantine(event, reason)
  }

  ask(question: Question): void {
    this.outputs?.ask(question)
  }

  dead(value: unknown, reason: string): void {
    this.outputs?.dead(value, reason)
  }

  advance(watermark: number): void {
    if (Number.isNaN(watermark)) throw new Error(`The watermark of actor "${this.key}" became NaN`)
    if (watermark > this.target) this.target = watermark
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

  private lookupOf({ step: name }: Answered): LookupStep | undefined {
    const step = this.steps.find((candidate) => candidate.name === name)
    return step instanceof LookupStep ? step : undefined
  }

  private nextDue(): number {
    let due = this.eventClock?.nextDue ?? Number.POSITIVE_INFINITY
    for (const step of this.steps) if (step.due < due) due = step.due
    return due
  }

  /** In time order; of what is due together, stock timers first, then the steps by their place. */
  private fireTimers(limit: number): void {
    let budget = firingsPerTurn
    while (budget > 0 && !this.failure) {
      const due = this.nextDue()
      if (due <= Math.max(limit, this.target) && due < Number.POSITIVE_INFINITY) {
        budget -= this.fireAt(Math.max(due, this.watermark), budget)
      } else if (this.target > this.watermark) {
        this.settleAt(this.target)
      } else {
        return
      }
    }
  }

  /** Returns how much of the budget it took. */
  private fireAt(time: number, budget: number): number {
    const fired = this.eventClock?.advance(time, budget) ?? 0
    if (fired === budget) return fired
    this.before = this.watermark
    this.watermark = time
    for (const [place, step] of this.steps.entries()) {
      this.taken = place
      if (step.due <= time) step.onTime(time)
    }
    this.taken = Number.POSITIVE_INFINITY
    if (time > this.target) {
      this.target = time
      this.steps[0]?.touch()
    }
    return fired + 1
  }

  private settleAt(watermark: number): void {
    this.watermark = watermark
    this.eventClock?.advance(watermark)
  }
}

const emittedOutsideTurn = (key: string): Error =>
  new Error(
    `Actor "${key}" emitted outside a turn, so that a replay could not repeat it. ` +
      'Use actor.clock for time, and no promises or timers of your own in a behavior',
  )

const readOutsideTurn = (name: string, key: string): Error =>
  new Error(
    `The value "${name}" was read outside of a turn of actor "${key}", where no version is in force. ` +
      'Read `current` where an event is handled, not where the behavior is set up',
  )
