import { type CrashPoint, crashPoints, watchCrashPoints } from '../state/crash-point.ts'
import { removeMark } from '../state/environment/closing-mark.ts'
import type { Ancestor } from '../state/lineage.ts'
import { type LmdbStore, type LmdbStoreOptions, lmdbStore } from '../state/lmdb-store.ts'
import type { StateShapes } from '../state/rows/state-shapes.ts'
import type {
  Checkpoint,
  Commit,
  Due,
  DuePlace,
  JournalRow,
  Outbox,
  SavedActor,
  Store,
} from '../state/store.ts'
import { CrashingOutbox } from './crashing-outbox.ts'

export interface CrashingStoreOptions extends LmdbStoreOptions {
  /** The crash point to crash at. Left out, it crashes only when told to. */
  readonly at?: CrashPoint
  /** At which pass of that point, in this process, counted from when the store was opened. 1 unless given. */
  readonly occurrence?: number
}

/** A store on LMDB that crashes on command. */
export interface CrashingStore extends Store {
  readonly hasCrashed: boolean
  /** Resolves when it has crashed. */
  readonly crashed: Promise<void>
  /** Crashes now. */
  crash(): void
  /** Opens the folder as the crash left it. Rejects when there has been no crash. */
  reopen(): Promise<LmdbStore>
}

/**
 * Opens the store in folder `path` and lets it crash at a point of your choice, as if the process had been
 * killed there. From then on nothing more reaches the disk, nothing that was asked of it is ever answered,
 * and nothing is there to be read; so no delivery of a later batch is acknowledged, and no sink is given
 * anything more. What LMDB was writing at that moment is on the disk. Unsubscribe what ran on it, `reopen()`,
 * and go on. Crash points are those of the whole process: let one pipeline run at a time.
 *
 * Throws what `lmdbStore` throws, and a RangeError for a crash point that does not exist.
 */
export const crashingStore = (
  path: string,
  { at, occurrence = 1, ...options }: CrashingStoreOptions = {},
): CrashingStore => {
  if (at !== undefined && !crashPoints.includes(at)) {
    throw new RangeError(`at is "${at}", which is no crash point: give one of ${crashPoints.join(', ')}`)
  }
  if (!(Number.isInteger(occurrence) && occurrence >= 1)) {
    throw new RangeError(`occurrence must be a whole number from 1 on, got ${occurrence}`)
  }
  const store = new StoreToCrash(path, options)
  if (at !== undefined) store.crashAt(at, occurrence)
  return store
}

class StoreToCrash implements CrashingStore {
  readonly crashed: Promise<void>
  private readonly path: string
  private readonly options: LmdbStoreOptions
  private readonly store: LmdbStore
  private isDown = false
  private onCrash: () => void = () => {}
  private stopWatching: () => void = () => {}

  constructor(path: string, options: LmdbStoreOptions) {
    this.path = path
    this.options = options
    this.store = lmdbStore(path, options)
    this.crashed = new Promise((resolve) => {
      this.onCrash = resolve
    })
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

  get hasCrashed(): boolean {
    return this.isDown
  }

  crashAt(point: CrashPoint, occurrence: number): void {
    let passes = 0
    this.stopWatching = watchCrashPoints((passed) => {
      if (passed === point && ++passes === occurrence) this.crash()
    })
  }

  crash(): void {
    this.isDown = true
    this.stopWatching()
    this.onCrash()
  }

  async reopen(): Promise<LmdbStore> {
    if (!this.isDown) throw new Error('the store has not crashed: await `crashed` first, or call crash()')
    await this.close()
    return lmdbStore(this.path, this.options)
  }

  commit(commit: Commit): Promise<void> {
    return this.answer(() => this.store.commit(commit))
  }

  checkpoint(checkpoint: Checkpoint): Promise<void> {
    return this.answer(() => this.store.checkpoint(checkpoint))
  }

  writeNote(name: string, bytes: Uint8Array): Promise<void> {
    return this.answer(() => this.store.writeNote(name, bytes))
  }

  outbox(sink: string): Outbox {
    return new CrashingOutbox(this.store.outbox(sink), this)
  }

  readActor(stage: string, actor: string): SavedActor {
    return this.isDown ? { progress: undefined, states: [] } : this.store.readActor(stage, actor)
  }

  actors(stage: string): ReturnType<Store['actors']> {
    return this.isDown ? [] : this.store.actors(stage)
  }

  readJournal(from?: number): Iterable<JournalRow> {
    return this.isDown ? [] : this.store.readJournal(from)
  }

  readDue(stage: string, after: DuePlace | undefined, until: number, limit: number): readonly Due[] {
    return this.isDown ? [] : this.store.readDue(stage, after, until, limit)
  }

  readNote(name: string): Uint8Array | undefined {
    return this.isDown ? undefined : this.store.readNote(name)
  }

  /** A killed process leaves no mark that it closed in order. */
  async close(): Promise<void> {
    this.stopWatching()
    await this.store.close()
    if (this.isDown) removeMark(this.path)
  }

  /** What the disk answers, unless it crashes before it does. */
  async answer<T>(ask: () => Promise<T>): Promise<T> {
    if (this.isDown) return never()
    try {
      const answer = await ask()
      return this.isDown ? await never() : answer
    } catch (error) {
      if (this.isDown) return never()
      throw error
    }
  }
}

const never = <T>(): Promise<T> => new Promise(() => {})
