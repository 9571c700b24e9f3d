import type { GroupCommit } from '../actors/commit/group-commit.ts'
import { decode, encode } from '../state/rows/codec.ts'
import type { Store } from '../state/store.ts'

/** How many values of a replayable input have been taken. It is saved with the turns of each. */
export class SourceOffset {
  private readonly note: string
  private readonly commit: GroupCommit
  private taken: number

  constructor(source: string, store: Store, commit: GroupCommit) {
    this.note = `offset of ${source}`
    this.commit = commit
    const saved = store.readNote(this.note)
    this.taken = saved ? decode<number>(saved) : 0
  }

  get value(): number {
    return this.taken
  }

  /** Notes in the open commit that one more has been taken. */
  advance(): void {
    this.commit.note(this.note, encode(++this.taken))
  }
}
