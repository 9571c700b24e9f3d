/**
 * What entered an actor: an event from a source, `idle` when the actor had been silent, `close` when it had
 * been silent for so long that what is open is closed, or the `answer` to something it had asked.
 */
export type TurnKind = 'event' | 'idle' | 'close' | 'answer'

/** A `value` entered no actor: from its position on, a value that all actors of a stage read has changed. */
export type EntryKind = TurnKind | 'value'

/**
 * Accepted entries are replayed into their actor. Dead ones left no trace in it, but that what a dead answer
 * was about is not waited for any more.
 */
export type Verdict = 'accepted' | 'dead'

export interface JournalEntry {
  readonly position: number
  /** Empty with an empty actor for an arrival that reached no actor. The actor is also empty for a value. */
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
  /** Name of the source. Empty for the only source of a program. */
  readonly source: string
  readonly sender: string
  readonly number: number
  readonly checksum: number
}
