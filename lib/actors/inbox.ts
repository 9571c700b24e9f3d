import { Observable } from 'rxjs'

/** Takes the events of an inbox. */
export interface InboxReader {
  next(event: unknown): void
}

/**
 * The head of an actor's chain. Lighter than a Subject, and it never completes or fails: passivation
 * unsubscribes.
 */
export class Inbox extends Observable<unknown> {
  private readonly readers: InboxReader[] = []

  constructor() {
    super((subscriber) => {
      this.attach(subscriber)
    })
  }

  /** Gives every event to `reader`, without a subscription: it is gone when the actor is. */
  attach(reader: InboxReader): void {
    this.readers.push(reader)
  }

  next(event: unknown): void {
    for (const reader of this.readers) reader.next(event)
  }
}
