import type { Lineage } from './lineage.ts'
import type { StateShapes } from './rows/state-shapes.ts'

/** The half of a store that only looks. Any number of processes may look while one writes. */
export interface StoreReader extends Lineage {
  /** What its state rows are encoded with. What is new in it is flushed with the first rows that need it. */
  readonly shapes: StateShapes
  /** What is saved of one actor in stage `stage`, empty for an actor never seen. */
  readActor(stage: string, actor: string): SavedActor
  /** Every saved actor of a stage, in the order of their rows: by key group, then by key. */
  actors(stage: string): Iterable<SavedActor & { readonly actor: string }>
  /** Journal rows in order of position, from the first at or after `from`. */
  readJournal(from?: number): Iterable<JournalRow>
  /**
   * Up to `limit` actors of a stage that are due by `until`, in the order of their times: those that follow
   * `after`, from the first when it is undefined.
   */
  readDue(stage: string, after: DuePlace | undefined, until: number, limit: number): readonly Due[]
  /** Small facts under a name: versions, fingerprints, cursors. */
  readNote(name: string): Uint8Array | undefined
  /** Resolves when everything committed is flushed and the files are closed. */
  close(): Promise<void>
}

/**
 * What tidemark needs of a disk. A store is written by one process. All bytes are opaque to it; it frames
 * every value with a checksum and refuses what it cannot vouch for.
 */
export interface Store extends StoreReader {
  /**
   * Appends all of `commit` to the journal or nothing, one commit in flight at a time. Resolves when it is
   * flushed to the disk, so that a power cut keeps it. Rejects with a `CommitFailed` when nothing of it was
   * kept; the same commit may be retried. After any other error it may not: `DiskFailed` when this process
   * can do no more with the store.
   */
  commit(commit: Commit): Promise<void>
  /**
   * Saves all of `checkpoint` or nothing, also while a commit is in flight; checkpoints follow each other.
   * Every turn that its states include must be committed before. Resolves and rejects as `commit` does.
   */
  checkpoint(checkpoint: Checkpoint): Promise<void>
  /** The outbox of one sink. */
  outbox(sink: string): Outbox
  /** Writes one note in a transaction of its own, also while a commit is in flight. Resolves when flushed. */
  writeNote(name: string, bytes: Uint8Array): Promise<void>
}

/** What turns have brought. Positions ascend from commit to commit. */
export interface Commit {
  readonly journal: readonly JournalRow[]
  readonly outbox?: readonly OutboxWrite[]
  readonly notes?: ReadonlyMap<string, Uint8Array>
}

/** What a restart need not compute again. */
export interface Checkpoint {
  /** Own rows of actors and rows of their states, best in the order of keys. */
  readonly states: readonly (ActorWrite | StateWrite)[]
  readonly due?: readonly DueMove[]
  readonly notes?: ReadonlyMap<string, Uint8Array>
  /** Journal rows before this position are no longer needed. */
  readonly trimJournalBefore?: number
}

/** Consecutive journal entries, encoded together. */
export interface JournalRow {
  /** Position of the first entry in the row. */
  readonly position: number
  readonly bytes: Uint8Array
}

/** What is saved of an actor, or of something else that has states. */
export interface SavedActor {
  /** Its own row: how far it has come. Undefined when nothing is saved of it, and for what is no actor. */
  readonly progress: Uint8Array | undefined
  readonly states: readonly StateRow[]
}

export interface StateRow {
  readonly step: string
  /** Empty for a step with a single state. */
  readonly subkey: string
  readonly bytes: Uint8Array
}

export interface StateWrite extends StateRow {
  readonly stage: string
  readonly actor: string
}

/** The own row of an actor, which belongs to no step. */
export interface ActorWrite {
  readonly stage: string
  readonly actor: string
  readonly step?: undefined
  readonly bytes: Uint8Array
}

/** An actor that is to be looked at by a moment of wall time, though nothing arrives for it. */
export interface Due {
  /** Epoch milliseconds, a whole number. */
  readonly time: number
  readonly actor: string
}

/** A place among due actors: behind one of them, or without an actor before all that are due at `time`. */
export type DuePlace = Due | { readonly time: number; readonly actor?: undefined }

/** Says when an actor is due: by `to`, and by `from` no longer, in whole milliseconds. Infinity for never. */
export interface DueMove {
  readonly stage: string
  readonly actor: string
  readonly from: number
  readonly to: number
}

export interface OutboxKey {
  /** Journal position of the turn that made this output. */
  readonly position: number
  /** Its place among the outputs of that turn. */
  readonly index: number
}

export interface OutboxRow extends OutboxKey {
  readonly bytes: Uint8Array
}

export interface OutboxWrite extends OutboxRow {
  readonly sink: string
}

/** Outputs that are durable and wait to be confirmed by one sink, in order. */
export interface Outbox {
  /** Up to `limit` rows that follow `after`, from the first when it is undefined. Sees flushed rows only. */
  read(after: OutboxKey | undefined, limit: number): OutboxRow[]
  /** Deletes all rows up to and including `upTo`, in small transactions, and resolves when they are gone. */
  remove(upTo: OutboxKey): Promise<void>
  /** Rows held. */
  count(): number
  /**
   * Calls `listener` after each flushed commit that appended to this outbox. Returns a function that stops
   * it.
   */
  onAppend(listener: () => void): () => void
}

/** Nothing of the commit was kept. `reason` is in words a user can act on. */
export class CommitFailed extends Error {
  override readonly name = 'CommitFailed'
}
