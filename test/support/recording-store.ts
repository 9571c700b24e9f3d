import type { Ancestor } from '../../lib/state/lineage.ts'
import type { StateShapes } from '../../lib/state/rows/state-shapes.ts'
import {
  type Checkpoint,
  type Commit,
  CommitFailed,
  type JournalRow,
  type Outbox,
  type SavedActor,
  type Store,
} from '../../lib/state/store.ts'

/** A commit that waits until the test lets it go on. */
export interface HeldCommit {
  /** Resolves when the commit has been asked for. */
  readonly begun: Promise<void>
  release(): void
}

interface Gate extends HeldCommit {
  readonly released: Promise<void>
  begin(): void
}

/** A real store whose commits and checkpoints a test sees, and whose commits it holds up and lets fail. */
export class RecordingStore implements Store {
  readonly commits: Commit[] = []
  readonly checkpoints: Checkpoint[] = []
  /** A commit when it is flushed, a checkpoint when it is asked for, in order. */
  readonly flushed: (Commit | Checkpoint)[] = []
  private readonly store: Store
  private readonly gates: Gate[] = []
  private failures = 0

  constructor(store: Store) {
    this.store = store
  }

  get epoch(): string {
    return this.store.epoch
  }

  get ancestors(): readonly Ancestor[] {
    return this.store.ancestors ?? []
  }

  get shapes(): StateShapes {
    return this.store.shapes
  }

  /** Holds up the next commit that is not held yet. */
  hold(): HeldCommit {
    let begin = (): void => {}
    let release = (): void => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const gate = { begun, begin, released, release }
    this.gates.push(gate)
    return gate
  }

  /** Lets the next `count` commits and checkpoints fail before anything is written. */
  failNext(count: number): void {
    this.failures = count
  }

  async commit(commit: Commit): Promise<void> {
    this.commits.push(commit)
    const gate = this.gates.shift()
    gate?.begin()
    await gate?.released
    if (this.failures-- > 0) throw new CommitFailed('refused by the test')
    await this.store.commit(commit)
    this.flushed.push(commit)
  }

  async checkpoint(checkpoint: Checkpoint): Promise<void> {
    this.checkpoints.push(checkpoint)
    this.flushed.push(checkpoint)
    if (this.failures-- > 0) throw new CommitFailed('refused by the test')
    await this.store.checkpoint(checkpoint)
  }

  outbox(sink: string): Outbox {
    return this.store.outbox(sink)
  }

  readActor(stage: string, actor: string): SavedActor {
    return this.store.readActor(stage, actor)
  }

  actors(stage: string): ReturnType<Store['actors']> {
    return this.store.actors(stage)
  }

  readJournal(from?: number): Iterable<JournalRow> {
    return this.store.readJournal(from)
  }

  readDue(...scan: Parameters<Store['readDue']>): ReturnType<Store['readDue']> {
    return this.store.readDue(...scan)
  }

  readNote(name: string): Uint8Array | undefined {
    return this.store.readNote(name)
  }

  writeNote(name: string, bytes: Uint8Array): Promise<void> {
    return this.store.writeNote(name, bytes)
  }

  close(): Promise<void> {
    return this.store.close()
  }
}
