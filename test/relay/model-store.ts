import { compareKeys, rowId } from '../../lib/nats/row-id.ts'
import { StateShapes } from '../../lib/state/rows/state-shapes.ts'
import type {
  Checkpoint,
  Commit,
  Outbox,
  OutboxKey,
  OutboxRow,
  SavedActor,
  Store,
} from '../../lib/state/store.ts'

/** The part of a store that a relay uses, in memory. It survives every crash, as a flushed store does. */
export class ModelStore implements Store, Outbox {
  readonly epoch = 'model'
  readonly shapes = new StateShapes()
  /** Ids of all rows ever appended. */
  readonly ids: string[] = []
  private rows: OutboxRow[] = []
  private position = 1
  private readonly notes = new Map<string, Uint8Array>()
  private readonly listeners = new Set<() => void>()

  append(count: number, bytes: Uint8Array): void {
    for (let index = 0; index < count; index++) {
      const row = { position: this.position, index: index % 3, bytes }
      this.rows.push(row)
      this.ids.push(rowId(this.epoch, row))
      if (index % 3 === 2) this.position++
    }
    this.position++
    for (const listener of this.listeners) listener()
  }

  read(after: OutboxKey | undefined, limit: number): OutboxRow[] {
    const from = after ? this.rows.findIndex((row) => compareKeys(row, after) > 0) : 0
    return from < 0 ? [] : this.rows.slice(from, from + limit)
  }

  async remove(upTo: OutboxKey): Promise<void> {
    this.rows = this.rows.filter((row) => compareKeys(row, upTo) > 0)
  }

  count(): number {
    return this.rows.length
  }

  onAppend(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readNote(name: string): Uint8Array | undefined {
    return this.notes.get(name)
  }

  async writeNote(name: string, bytes: Uint8Array): Promise<void> {
    this.notes.set(name, bytes)
  }

  outbox(): Outbox {
    return this
  }

  async commit(_: Commit): Promise<void> {
    throw new Error('a relay commits nothing')
  }

  async checkpoint(_: Checkpoint): Promise<void> {
    throw new Error('a relay saves no state')
  }

  readActor(): SavedActor {
    return { progress: undefined, states: [] }
  }

  actors(): never[] {
    return []
  }

  readJournal(): never[] {
    return []
  }

  readDue(): never[] {
    return []
  }

  async close(): Promise<void> {}
}
