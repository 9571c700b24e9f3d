import { Observable, Subscriber } from 'rxjs'
import type { Step } from './step.ts'

/**
 * Adjacent durable steps as one Observable with one subscriber, whatever their number: a resident actor
 * costs heap, and a subscriber a step would be most of it.
 */
export class DurableChain extends Observable<unknown> {
  readonly upstream: Observable<unknown>
  readonly steps: readonly Step[]

  constructor(upstream: Observable<unknown>, steps: readonly Step[]) {
    super((subscriber) => {
      linkSteps(steps, subscriber)
      return upstream.subscribe(new ChainEntry(subscriber, steps[0]!))
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
  steps.forEach((step, index) => {
    if (step.turn.downstream) {
      throw new Error(
        `Durable step "${step.name}" is subscribed twice: its state would see every event twice. ` +
          'Share its output with the RxJS operator connect() or share()',
      )
    }
    step.turn.downstream = steps[index + 1] ?? last
  })
}

/** Where RxJS hands over to the chain: what a step throws becomes an error of the stream, never of RxJS. */
class ChainEntry extends Subscriber<unknown> {
  private readonly first: Step
  private readonly last: Subscriber<unknown>

  constructor(destination: Subscriber<unknown>, first: Step) {
    super(destination)
    this.first = first
    this.last = destination
  }

  protected override _next(event: unknown): void {
    try {
      this.first.next(event)
    } catch (error) {
      this.last.error(error)
    }
  }
}
