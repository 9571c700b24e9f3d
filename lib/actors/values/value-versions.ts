import { valuesStage } from '../../state/reserved-stages.ts'
import { decode, encode } from '../../state/rows/codec.ts'
import { keyGroup } from '../../state/rows/key-group.ts'
import type { StateWrite, Store } from '../../state/store.ts'
import { type Checkpointed, Dirt } from '../commit/checkpoints.ts'

type Version = readonly [position: number, value: unknown]

/** The versions of one value that a turn of the journal, or one to come, may read. */
export class ValueVersions implements Checkpointed {
  readonly dirt = new Dirt()
  readonly group: number
  private readonly store: Store
  private readonly stage: string
  private readonly name: string
  /** In order of position. */
  private versions: Version[]

  constructor(store: Store, stage: string, name: string, saved: Uint8Array | undefined) {
    this.store = store
    this.stage = stage
    this.group = keyGroup(stage)
    this.name = name
    this.versions = saved ? decode<Version[]>(saved) : []
  }

  get last(): Version | undefined {
    return this.versions.at(-1)
  }

  add(position: number, value: unknown): void {
    this.versions.push([position, value])
  }

  /** The last version before `position`. */
  inForceAt(position: number): Version | undefined {
    return this.versions.findLast(([from]) => from < position)
  }

  get rowOrder(): string {
    return this.name
  }

  takeRows(): readonly StateWrite[] {
    this.forgetOld()
    const { stage: actor, name: step } = this
    return [{ stage: valuesStage, actor, step, subkey: '', bytes: encode(this.versions) }]
  }

  /**
   * What was in force before the journal begins is read no more. It begins where it does on the disk: rows
   * that are not needed any more are still replayed after a crash.
   */
  private forgetOld(): void {
    const { versions } = this
    if (versions.length < 2) return
    for (const { position } of this.store.readJournal()) {
      const needed = versions.findLastIndex(([from]) => from < position)
      if (needed > 0) this.versions = versions.slice(needed)
      return
    }
  }
}
