import { of, Subject, type Subscription } from 'rxjs'
import { actors } from '../actors/actors.ts'
import type { Behavior } from '../actors/behavior.ts'
import { Delivery } from '../actors/delivery.ts'
import type { Outcome } from '../actors/outcome.ts'
import type { Store } from '../state/store.ts'
import { type Duration, seconds } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import { CaseClock } from './case-clock.ts'
import { type Given, Silence, Tagged, WallTime, Watermark } from './notation.ts'
import { StepTrace } from './step-trace.ts'

/** What is run: a behavior, and what its actor is set up with. */
export interface CaseSubject<In extends Timed, Out> {
  readonly behavior: Behavior<In, Out>
  readonly key: string
  readonly values: Readonly<Record<string, unknown>>
  readonly idleAfter: Duration
  readonly closeAfter: Duration
  readonly history: readonly In[]
}

/** What the actor of a case goes through between two steps. */
export type Restoring = 'never' | 'from its rows' | 'from the journal'

/** A journal and states are not saved by age or length: only what a restart or an eviction asks for. */
const never = 1e15

/** One case on its way: an actor alone in a stage of its own, on a store that other cases share. */
export class RunningCase<In extends Timed, Out> {
  readonly trace: StepTrace
  private readonly subject: CaseSubject<In, Out>
  private readonly name: string
  private readonly restoring: Restoring
  private readonly clock: CaseClock
  private source = new Subject<Delivery<In>>()
  private subscription: Subscription | undefined
  private outputs: unknown[] = []

  constructor(
    subject: CaseSubject<In, Out>,
    {
      name,
      start,
      inFull,
      restoring,
    }: { name: string; start: number; inFull: boolean; restoring: Restoring },
  ) {
    this.subject = subject
    this.name = name
    this.restoring = restoring
    this.trace = new StepTrace(inFull, restoring !== 'from its rows')
    this.clock = new CaseClock(start)
  }

  start(store: Store, onFailure: (reason: Error) => void): void {
    const { behavior, key, values, idleAfter, closeAfter } = this.subject
    const options = {
      name: this.name,
      key: () => key,
      behavior: this.trace.of(behavior),
      store,
      clock: this.clock,
      idleAfter,
      closeAfter,
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of(value)])),
      resident: this.restoring === 'from its rows' ? 0 : 1,
      pace: { commitSpacing: 0, checkpointAfter: never, journalEntries: never },
    }
    this.source = new Subject()
    this.subscription = this.source.pipe(actors<In, Out>(options)).subscribe({
      next: (outcome) => this.collect(outcome),
      error: onFailure,
    })
  }

  stop(): void {
    this.subscription?.unsubscribe()
  }

  /** Takes what came before the case begins, in one go. */
  remember(): void {
    const { history } = this.subject
    for (const { time } of history) if (time > this.clock.now()) this.clock.jump(time)
    if (history.length > 0) this.source.next(new Delivery(history))
  }

  /** Takes one step, in one go or more: between two of them everything is to be flushed. */
  *take(step: Given<In>): Generator<void> {
    this.trace.beginTurn()
    if (step instanceof WallTime) this.clock.jump(step.time)
    else if (step instanceof Silence) yield* this.fallSilent(step)
    else if (step instanceof Watermark) throw watermarkGiven(step.time)
    else this.receive(step)
  }

  /** Everything that came out since the last call. */
  takeOutputs(): unknown[] {
    const outputs = this.outputs
    this.outputs = []
    return outputs
  }

  /** Resolves when all that happened is flushed. What is too much in memory leaves it. */
  flushed(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.source.next(new Delivery<In>([], { ack: resolve, reject }))
    })
  }

  private receive(event: In): void {
    // Unless the case says otherwise, everything arrives when it happens, or right behind what came before.
    if (event.time > this.clock.now()) this.clock.jump(event.time)
    this.source.next(new Delivery([event]))
  }

  private *fallSilent({ lasting = this.subject.idleAfter }: Silence): Generator<void> {
    const { idleAfter, closeAfter } = this.subject
    const start = this.clock.now()
    for (const after of [idleAfter, closeAfter]) {
      if (after > lasting) continue
      this.clock.pass(start + Math.max(after, seconds(1)))
      yield
      this.trace.beginTurn()
    }
    this.clock.jump(Math.max(this.clock.now(), start + lasting))
  }

  private collect({ values, asides }: Outcome<Out>): void {
    const tagged = asides.map(({ tag, value, reason }) => new Tagged(tag, value, reason))
    this.outputs.push(...values, ...tagged)
  }
}

const watermarkGiven = (time: number): Error =>
  new Error(
    `given has watermark(${time}), but a behavior moves its watermark itself, by a clock step such as ` +
      'watermarks(boundedOutOfOrderness(seconds(30))): give it an event that is late enough, or silence()',
  )
