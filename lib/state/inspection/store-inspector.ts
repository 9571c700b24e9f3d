import { type Environment, openForReading } from '../environment/environment.ts'
import { JournalReader } from '../journal/journal-reader.ts'
import { LmdbReader } from '../lmdb-reader.ts'
import { type ActorProgress, decodeActorRow, noProgress } from '../rows/actor-row.ts'
import { decodeStateRow, type SavedState } from '../rows/state-row.ts'
import {
  type InspectOptions,
  inspectEnvironment,
  type StoreInspection,
  stageRanges,
} from './inspect-store.ts'

/** One saved state of an actor, decoded, with how far its actor had come with all of them. */
export interface InspectedRow extends SavedState, ActorProgress {
  readonly stage: string
  readonly step: string
  readonly subkey: string
  readonly bytes: number
}

/** Looks into a store without writing to it, also while another process does. */
export class StoreInspector {
  private readonly path: string
  private readonly environment: Environment
  private readonly reader: LmdbReader

  /** Opens the store, or the backup of one, in folder `path`. */
  constructor(path: string) {
    this.path = path
    this.environment = openForReading(path)
    this.reader = new LmdbReader(this.environment, new JournalReader(path))
  }

  /** Reads every row once. Throws `StoreDamaged` at one that is not what was written. */
  inspect(options?: InspectOptions): StoreInspection {
    return inspectEnvironment(this.path, this.environment, this.reader, options)
  }

  /** The saved rows of the actors of this name, in every stage, without what the journal has beyond them. */
  actor(name: string): InspectedRow[] {
    return stageRanges(this.environment.states).flatMap(({ name: stage }) => {
      const { progress, states } = this.reader.readActor(stage, name)
      const reached = progress ? decodeActorRow(progress) : noProgress
      return states.map(({ step, subkey, bytes }) => ({
        stage,
        step,
        subkey,
        bytes: bytes.length,
        ...decodeStateRow(bytes, this.reader.shapes),
        ...reached,
      }))
    })
  }

  readNote(name: string): Uint8Array | undefined {
    return this.reader.readNote(name)
  }

  async close(): Promise<void> {
    await this.environment.root.close()
  }
}
