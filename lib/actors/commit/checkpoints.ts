import type { ActorWrite, DueMove, StateWrite } from '../../state/store.ts'
import type { Duration } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { SliceBounds } from './slice-bounds.ts'

/** State in memory that is ahead of its rows on disk from time to time. */
export interface Checkpointed {
  readonly dirt: Dirt
  /** Key group of its rows. */
  readonly group: number
  /** Sorts as the keys of its rows do within their group. */
  readonly rowOrder: string
  /** The rows that changed since the last call, at their present state. */
  takeRows(): readonly StateWrite[]
  /** Its own row, if it has one to be saved. Asked after `takeRows`. */
  takeProgress?(): ActorWrite | undefined
  /** When it is due as it is saved now, if that has changed. Asked after `takeRows`. */
  takeDue?(): DueMove | undefined
  /** What was taken is flushed. Told to the owner of `dirt` by then. */
  saved?(): void
}

/** How far something in memory is ahead of the disk. */
export class Dirt {
  /** Position of the first turn that no row includes; 0 when there is none. */
  from = 0
  /** When that was, by the monotonic clock. */
  since = 0
  /** Turns since then. */
  turns = 0
  /** Its rows are in a checkpoint that is not flushed yet. */
  isSaving = false
  /** It became dirty after something newer did, as happens while a journal is replayed. */
  isBelated = false
  /** Who is asked for the rows. Another may take the place of the one that became dirty. */
  owner: Checkpointed | undefined

  get isClean(): boolean {
    return this.from === 0 && !this.isSaving
  }
}

/** What one checkpoint saves. */
export interface CheckpointSlice {
  readonly items: Checkpointed[]
  readonly writes: (ActorWrite | StateWrite)[]
  readonly due: DueMove[]
}

/**
 * Items sorted and saved together: neighbours on disk share pages, and saving 1,000 small rows in the order
 * of their keys writes a twelfth of the pages that it takes in the order of arrival.
 */
const itemsPerRun = 16_384

/** Everything dirty, oldest first, and the choice of what to save with the next commit. */
export class Checkpoints {
  private readonly clock: Pick<WallClock, 'monotonic'>
  private readonly turnsUnsaved: number
  private readonly dirty = new Set<Dirt>()
  private readonly urgent = new Set<Dirt>()
  private strays: DueMove[] = []
  private belated = 0
  private newest = 0
  /** What is being saved, in the order of its keys, and the oldest turn that it does not include yet. */
  private run: Dirt[] = []
  private runFrom = Number.POSITIVE_INFINITY

  /** Entries from here on have not been replayed yet, so nothing is known of the states they change. */
  replayedBefore = Number.POSITIVE_INFINITY

  get isEmpty(): boolean {
    return this.dirty.size === 0 && this.run.length === 0
  }

  /** @param turnsUnsaved Turns of one item from which on it is saved whatever its age. */
  constructor(clock: Pick<WallClock, 'monotonic'>, turnsUnsaved: number = Number.POSITIVE_INFINITY) {
    this.clock = clock
    this.turnsUnsaved = turnsUnsaved
  }

  /** Notes that `item` has taken the turn at `position`. */
  mark(item: Checkpointed, position: number): void {
    const { dirt } = item
    if (dirt.from !== 0) {
      if (++dirt.turns === this.turnsUnsaved) this.urgent.add(dirt)
      return
    }
    dirt.owner = item
    dirt.from = position
    dirt.turns = 1
    dirt.since = this.clock.monotonic()
    dirt.isBelated = position < this.newest
    if (dirt.isBelated) this.belated++
    else this.newest = position
    this.dirty.add(dirt)
  }

  /** Whether a run has begun, or something is to be saved whatever its age. */
  get isPressing(): boolean {
    return this.run.length > 0 || this.urgent.size > 0
  }

  /** Has a dirty `item` saved with the next checkpoint. */
  urge({ dirt }: Checkpointed): void {
    this.urgent.add(dirt)
  }

  /** Has a due row removed that its actor knows nothing of. */
  dropDue({ stage, actor, from }: Omit<DueMove, 'to'>): void {
    this.strays.push({ stage, actor, from, to: Number.POSITIVE_INFINITY })
  }

  /** Position of the oldest turn that no row includes. Undefined when every row is up to date. */
  oldest(): number | undefined {
    let oldest = Math.min(this.replayedBefore, this.runFrom, this.first()?.from ?? Number.POSITIVE_INFINITY)
    if (this.belated > 0) for (const { from } of this.dirty) oldest = Math.min(oldest, from)
    return oldest === Number.POSITIVE_INFINITY ? undefined : oldest
  }

  /** How long the oldest has waited, 0 when there is none. */
  get age(): Duration {
    const first = this.run[0] ?? this.first()
    return first ? this.clock.monotonic() - first.since : 0
  }

  /**
   * Takes a piece of what is due, oldest first, and more where it is urgent. What was taken before and is not
   * flushed yet is left for later: a checkpoint holds one state of each.
   */
  slice(bounds: SliceBounds): CheckpointSlice {
    const slice: CheckpointSlice = { items: [], writes: [], due: this.strays }
    this.strays = []
    let size = 0
    const urgent = [...this.urgent].filter(({ isSaving }) => !isSaving)
    for (const dirt of urgent.slice(0, bounds.items).sort(byRowOrder)) {
      this.urgent.delete(dirt)
      size += this.take(dirt, slice)
    }
    while (size < bounds.piece.bytes && slice.items.length < bounds.piece.items) {
      if (this.run.length === 0) this.beginRun(bounds)
      const dirt = this.run.pop()
      if (!dirt) break
      size += this.take(dirt, slice)
    }
    if (this.run.length === 0) this.runFrom = Number.POSITIVE_INFINITY
    return slice
  }

  private beginRun({ by, before }: Pick<SliceBounds, 'by' | 'before'>): void {
    this.runFrom = Number.POSITIVE_INFINITY
    this.runFrom = this.oldest() ?? Number.POSITIVE_INFINITY
    for (const dirt of this.dirty) {
      const { since, from } = dirt
      if ((since > by && from >= before) || this.run.length === itemsPerRun) break
      if (dirt.isSaving) continue
      this.dequeue(dirt)
      this.run.push(dirt)
    }
    this.run.sort((a, b) => byRowOrder(b, a))
  }

  /**
   * Moves the owner of `dirt` into `slice` and returns the bytes of its rows: none when it was saved out of
   * turn before.
   */
  private take(dirt: Dirt, { items, writes, due }: CheckpointSlice): number {
    this.dequeue(dirt)
    const item = dirt.owner
    if (dirt.from === 0 || !item) return 0
    dirt.from = 0
    dirt.isSaving = true
    items.push(item)
    let size = 0
    const rows = item.takeRows()
    const progress = item.takeProgress?.()
    // In the order of keys: pages that are filled from front to back stay full.
    if (progress) {
      size += progress.bytes.length
      writes.push(progress)
    }
    for (const row of rows) {
      size += row.bytes.length
      writes.push(row)
    }
    const move = item.takeDue?.()
    if (move) due.push(move)
    return size
  }

  private dequeue(dirt: Dirt): void {
    if (this.dirty.delete(dirt) && dirt.isBelated) this.belated--
  }

  private first(): Dirt | undefined {
    for (const dirt of this.dirty) return dirt
    return undefined
  }
}

const byRowOrder = ({ owner: one }: Dirt, { owner: other }: Dirt): number =>
  one!.group - other!.group ||
  (one!.rowOrder < other!.rowOrder ? -1 : one!.rowOrder > other!.rowOrder ? 1 : 0)
