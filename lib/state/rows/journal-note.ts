import { decode, encode } from './codec.ts'

/** What the tables say of the journal beside them: it goes with every checkpoint. */
export interface JournalNote {
  /** Sequence of the last record whose outbox rows and notes are in the tables. */
  readonly applied: number
  /** Position from which on entries have to be replayed. */
  readonly start: number
  /**
   * Position up to which the first row from there on begins, 0 when there was none: its file must be there.
   */
  readonly firstRow: number
}

export const journalNote = 'journal'

export const encodeJournalNote = ({ applied, start, firstRow }: JournalNote): Uint8Array =>
  encode([applied, start, firstRow])

export const decodeJournalNote = (bytes: Uint8Array | undefined): JournalNote => {
  const [applied, start, firstRow] = bytes ? decode<[number, number, number]>(bytes) : [0, 0, 0]
  return { applied, start, firstRow }
}
