import type { StateWrite } from '../state/store.ts'
import type { Duration } from '../time/duration.ts'

/** State in memory that is ahead of its rows on disk from time to time. */
export interface Checkpointed {
  readonly dirt: Dirt
  /** The rows that changed since the last call, at their present state. */
  takeRows(): readonly StateWrite[]
}

/** How far something in memory is ahead of the disk. */
export class Dirt {
  /** Position of the first turn that no row includes; 0 when there is none. */
  from = 0
  /** Wall time of that turn. */
  since = 0
  /** Its rows are in a commit that is not flushed yet. */
  isSaving = false
  /** It became dirty after something newer did, as happens while a journal is replayed. */
  isBelated = false

  get isClean(): boolean {
    return this.from === 0 && !this.isSaving
  }
}

/** What one commit saves. */
export interface CheckpointSlice {
  readonly items: Checkpointed[]
  readonly writes: StateWrite[]
}

/** Everything dirty, oldest first, and the choice of what to save with the next commit. */
export class Checkpoints {
  private readonly dirty = new Set<Checkpointed>()
  private readonly urgent = new Set<Checkpointed>()
  private belated = 0
  private newest = 0

  /** Entries from here on have not been replayed yet, so nothing is known of the states they change. */
  replayedBefore = Number.POSITIVE_INFINITY

  get isEmpty(): boolean {
    return this.dirty.size === 0
  }

  get size(): number {
    return this.dirty.size
  }

  /** Notes that `item` has taken the turn at `position`. */
  mark(item: Checkpointed, position: number, now: number): void {
    if (item.dirt.from !== 0) return
    item.dirt.from = position
    item.dirt.since = now
    this.dirty.add(item)
    item.dirt.isBelated = position < this.newest
    if (item.dirt.isBelated) this.belated++
    else this.newest = position
  }

  /** Has a dirty `item` saved with the next commit. */
  urge(item: Checkpointed): void {
    item.dirt.since = Number.NEGATIVE_INFINITY
    this.urgent.add(item)
  }

  /** Position of the oldest turn that no row includes. Undefined when every row is up to date. */
  oldest(): number | undefined {
    let oldest = Math.min(this.replayedBefore, this.first()?.dirt.from ?? Number.POSITIVE_INFINITY)
    if (this.belated > 0) for (const { dirt } of this.dirty) oldest = Math.min(oldest, dirt.from)
    return oldest === Number.POSITIVE_INFINITY ? undefined : oldest
  }

  /** How long the oldest has waited, 0 when there is none. */
  age(now: number): Duration {
    const first = this.first()
    return first ? now - first.dirt.since : 0
  }

  /** Takes items, oldest first, that are dirty since `before` or earlier, up to about `bytes` of rows. */
  slice(bytes: number, before: number): CheckpointSlice {
    const items: Checkpointed[] = []
    const writes: StateWrite[] = []
    let size = 0
    for (const queue of [this.urgent, this.dirty]) {
      for (const item of queue) {
        if (size >= bytes || item.dirt.since > before) break
        size += this.take(item, items, writes)
      }
    }
    return { items, writes }
  }

  private take(item: Checkpointed, items: Checkpointed[], writes: StateWrite[]): number {
    this.urgent.delete(item)
    this.dirty.delete(item)
    if (item.dirt.isBelated) this.belated--
    item.dirt.from = 0
    item.dirt.isSaving = true
    items.push(item)
    let size = 0
    for (const row of item.takeRows()) {
      size += row.bytes.length
      writes.push(row)
    }
    return size
  }

  private first(): Checkpointed | undefined {
    for (const item of this.dirty) return item
    return undefined
  }
}
