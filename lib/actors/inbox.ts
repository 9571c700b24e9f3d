import { Observable, type Subscriber } from 'rxjs'

/** The head of an actor's chain. Lighter than a Subject, and it never completes: passivation unsubscribes. */
export class Inbox extends Observable<unknown> {
  private readonly subscribers: Subscriber<unknown>[] = []

  constructor() {
    super((subscriber) => {
      this.subscribers.push(subscriber)
    })
  }

  next(event: unknown): void {
    for (const subscriber of this.subscribers) subscriber.next(event)
  }
}
