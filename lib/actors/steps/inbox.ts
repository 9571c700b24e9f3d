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

/** One that reads for `first`, if there is one, and `second`. */
export const both = (first: InboxReader | undefined, second: InboxReader): InboxReader =>
  first
    ? {
        next(event) {
          first.next(event)
          second.next(event)
        },
      }
    : second
