import type { Outbox, OutboxKey, OutboxRow } from '../state/store.ts'

/** What an outbox needs to know of the store that crashes. */
export interface Crashing {
  readonly hasCrashed: boolean
  answer<T>(ask: () => Promise<T>): Promise<T>
}

/** An outbox of a store that crashes: after that it holds nothing and answers nothing. */
export class CrashingOutbox implements Outbox {
  private readonly outbox: Outbox
  private readonly store: Crashing

  constructor(outbox: Outbox, store: Crashing) {
    this.outbox = outbox
    this.store = store
  }

  read(after: OutboxKey | undefined, limit: number): OutboxRow[] {
    return this.store.hasCrashed ? [] : this.outbox.read(after, limit)
  }

  remove(upTo: OutboxKey): Promise<void> {
    return this.store.answer(() => this.outbox.remove(upTo))
  }

  count(): number {
    return this.store.hasCrashed ? 0 : this.outbox.count()
  }

  onAppend(listener: () => void): () => void {
    return this.outbox.onAppend(() => {
      if (!this.store.hasCrashed) listener()
    })
  }
}
