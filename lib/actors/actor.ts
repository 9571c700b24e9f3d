import type { Observable, SchedulerLike, Unsubscribable } from 'rxjs'
import type { TurnKind } from '../state/journal-entry.ts'
import { EventClock } from '../time/event-clock.ts'
import type { Timed } from '../time/timed.ts'
import type { Behavior } from './behavior.ts'
import { BehaviorContext, type ContextHost } from './behavior-context.ts'
import type { Answered, Question } from './lookups/lookup.ts'
import { LookupStep } from './lookups/lookup-step.ts'
import { BothReaders, Inbox, type InboxReader } from './steps/inbox.ts'
import type { Step } from './steps/step.ts'
import type { TurnOutputs } from './turn-outputs.ts'
import type { ValueReader } from './values/versioned-value.ts'

/** Timers an actor fires in one turn at the most: one device's clock never costs another device time. */
export const firingsPerTurn = 1_000

/** One actor in memory: its behavior's chain, its clock, and the turn it is in. */
export class Actor implements ContextHost {
  readonly key: string
  readonly steps: readonly Step[]
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

  constructor(
    key: string,
    behavior: Behavior<Timed, unknown>,
    onMisuse: (reason: Error) => void,
    values?: ValueReader,
  ) {
    this.key = key
    this.onMisuse = onMisuse
    const context = new BehaviorContext(this, values)
    this.steps = context.steps
    const inbox = new Inbox((reader) => {
      this.reader = this.reader ? new BothReaders(this.reader, reader) : reader
    })
    this.subscription = behavior(inbox as Observable<Timed>, context).subscribe(this)
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

  get isInTurn(): boolean {
    return this.outputs !== undefined
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

  subkeyAt(place: number): string {
    return this.steps[place]!.subkey
  }

  late(event: Timed, watermark: number, reason: string | undefined): void {
    this.outputs?.late(event, watermark, reason)
  }

  aside(tag: string, value: unknown, reason: string): void {
    this.outputs?.aside(tag, value, reason)
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
    if (time > this.target) this.target = time
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
