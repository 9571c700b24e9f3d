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
  /** Nearly always the only one, and read at every event. */
  private reader: InboxReader | undefined
  private others: InboxReader[] | undefined

  constructor() {
    super((subscriber) => {
      this.attach(subscriber)
    })
  }

  /** Gives every event to `reader`, without a subscription: it is gone when the actor is. */
  attach(reader: InboxReader): void {
    if (!this.reader) this.reader = reader
    else this.others = [...(this.others ?? []), reader]
  }

  next(event: unknown): void {
    this.reader?.next(event)
    if (this.others) for (const reader of this.others) reader.next(event)
  }
}
