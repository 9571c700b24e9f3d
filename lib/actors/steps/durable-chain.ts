import { Observable, type Subscriber } from 'rxjs'
import { Inbox } from './inbox.ts'
import type { Step } from './step.ts'

/**
 * Adjacent durable steps as one Observable with one subscriber, whatever their number, and none between them
 * and the inbox: a resident actor costs heap, and subscribers would be most of it.
 */
export class DurableChain extends Observable<unknown> {
  readonly upstream: Observable<unknown>
  readonly steps: readonly Step[]

  constructor(upstream: Observable<unknown>, steps: readonly Step[]) {
    super((subscriber) => {
      linkSteps(steps, subscriber)
      const first = steps[0]!
      // What a step throws fails the turn: from the inbox it gets there by itself.
      if (upstream instanceof Inbox) return upstream.attach(first)
      return upstream.subscribe(new ChainEntry(first, subscriber))
    })
    this.upstream = upstream
    this.steps = steps
  }
}

/** `source` followed by `step`, fused with the chain that `source` may already be. */
export const appendStep = (source: Observable<unknown>, step: Step): DurableChain =>
  source instanceof DurableChain
    ? new DurableChain(source.upstream, [...source.steps, step])
    : new DurableChain(source, [step])

function linkSteps(steps: readonly Step[], last: Subscriber<unknown>): void {
  for (const [index, step] of steps.entries()) {
    if (step.turn.downstream) {
      throw new Error(
        `Durable step "${step.name}" is subscribed twice: its state would see every event twice. ` +
          'Share its output with the RxJS operator connect() or share()',
      )
    }
    step.turn.downstream = steps[index + 1] ?? last
  }
}

/** Where RxJS hands over to the chain: what a step throws becomes an error of the stream, never of RxJS. */
class ChainEntry {
  private readonly first: Step
  private readonly last: Subscriber<unknown>

  constructor(first: Step, last: Subscriber<unknown>) {
    this.first = first
    this.last = last
  }

  next(event: unknown): void {
    try {
      this.first.next(event)
    } catch (error) {
      this.last.error(error)
    }
  }

  error(error: unknown): void {
    this.last.error(error)
  }

  complete(): void {
    this.last.complete()
  }
}
