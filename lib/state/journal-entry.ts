/**
 * What entered an actor: an event from a source, `idle` when the actor had been silent, `close` when it had
 * been silent for so long that what is open is closed.
 */
export type EntryKind = 'event' | 'idle' | 'close'

/** Accepted entries are replayed into their actor; dead ones left no trace in it. */
export type Verdict = 'accepted' | 'dead'

export interface JournalEntry {
  readonly position: number
  /** Empty with an empty actor for an arrival that reached no actor. */
  readonly stage: string
  readonly actor: string
  readonly kind: EntryKind
  readonly verdict: Verdict
  /** Wall time of arrival, epoch milliseconds. */
  readonly arrival: number
  readonly event: unknown
}

/** Proof that a numbered delivery of a sender was taken. */
export interface JournalReceipt {
  readonly sender: string
  readonly number: number
  readonly checksum: number
}
