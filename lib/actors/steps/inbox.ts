import { Observable } from 'rxjs'

/** Takes the events of an inbox. */
export interface InboxReader {
  next(event: unknown): void
}

/**
 * The head of an actor's chain. Lighter than a Subject, and it never completes or fails: passivation
 * unsubscribes. Readers are attached without a subscription: they are gone when the actor is.
 */
export class Inbox extends Observable<unknown> {
  readonly attach: (reader: InboxReader) => void

  constructor(attach: (reader: InboxReader) => void) {
    super((subscriber) => {
      attach(subscriber)
    })
    this.attach = attach
  }
}

/** Reads for two. A class and not a closure: every event passes one of its own actor's. */
export class BothReaders implements InboxReader {
  private readonly first: InboxReader
  private readonly second: InboxReader

  constructor(first: InboxReader, second: InboxReader) {
    this.first = first
    this.second = second
  }

  next(event: unknown): void {
    this.first.next(event)
    this.second.next(event)
  }
}
