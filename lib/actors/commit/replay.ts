import type { JournalEntry } from '../../state/journal-entry.ts'
import type { JournalTail } from '../../state/journal-tail.ts'
import type { ReplayedRows } from '../../state/replayed-rows.ts'
import { type Duration, milliseconds, seconds } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { Checkpoints } from './checkpoints.ts'

/** Time for which entries are replayed before everything else gets its turn, and rows at the most. */
const replayFor: Duration = milliseconds(10)
const rowsAtATime = 32

const showEvery: Duration = seconds(1)

/** How far the journal that an earlier process left has been replayed. */
export interface ReplayProgress {
  /** Entries of the journal when the replay began, 0 when there was nothing to replay. */
  readonly entries: number
  readonly replayed: number
}

/** A stage as the replay sees it. */
export interface ReplayedStage {
  readonly name: string
  replay(entry: JournalEntry): void
  /** About once a second while the replay runs. */
  showProgress(progress: ReplayProgress): void
  /** The journal cannot be replayed as it stands. */
  fail(reason: Error): void
}

/**
 * Takes the journal left by an earlier process through the actors, in the background and in order. Until it
 * is through, nothing of that journal is deleted.
 */
export class Replay {
  readonly finished: Promise<void>
  /** Entries of the journal when the replay began. */
  readonly entries: number
  private readonly stages: ReadonlyMap<string, ReplayedStage>
  private rows: ReplayedRows | undefined
  private readonly checkpoints: Checkpoints
  private readonly clock: WallClock
  private running: boolean
  private isScheduled = false
  private shownAt: number
  private replayed = 0
  private finish: () => void = () => {}

  constructor(
    tail: JournalTail,
    checkpoints: Checkpoints,
    clock: WallClock,
    stages: ReadonlyMap<string, ReplayedStage>,
  ) {
    this.stages = stages
    this.checkpoints = checkpoints
    this.clock = clock
    this.entries = tail.length
    this.shownAt = clock.monotonic()
    this.running = this.entries > 0
    if (this.running) this.rows = tail.toReplay()
    this.finished = new Promise((resolve) => {
      this.finish = resolve
    })
    if (this.running) checkpoints.replayedBefore = tail.start
    else this.finish()
  }

  get isRunning(): boolean {
    return this.running
  }

  /** Begins once all stages that are set up together have joined. */
  start(): void {
    if (this.running && !this.isScheduled) this.schedule()
  }

  /** The entries not replayed yet whose actor may be `hash`, from `from` on, in order. */
  entriesOf(hash: number, from: number): readonly JournalEntry[] {
    return this.rows?.entriesOf(hash, from) ?? []
  }

  private schedule(): void {
    this.isScheduled = true
    this.clock.after(milliseconds(0), () => {
      try {
        this.advance()
      } catch (error) {
        for (const stage of this.stages.values()) stage.fail(error as Error)
      }
    })
  }

  private advance(): void {
    const until = this.clock.monotonic() + replayFor
    for (let count = 0; count < rowsAtATime && this.clock.monotonic() < until; count++) {
      const entries = this.rows?.takeRow()
      if (!entries) {
        this.end()
        return
      }
      this.checkpoints.replayedBefore = entries[0]!.position
      for (const entry of entries) this.give(entry)
      this.replayed += entries.length
    }
    this.showProgress()
    this.schedule()
  }

  private showProgress(): void {
    const now = this.clock.monotonic()
    if (now - this.shownAt < showEvery) return
    this.shownAt = now
    const { entries, replayed } = this
    for (const stage of this.stages.values()) stage.showProgress({ entries, replayed })
  }

  private give(entry: JournalEntry): void {
    if (entry.stage === '') return
    const stage = this.stages.get(entry.stage)
    if (!stage) {
      throw new Error(
        `The journal has entries for a stage named "${entry.stage}", and no actors() of that name is running. ` +
          'Run it once more and stop it cleanly, which empties the journal; then it can be renamed or removed',
      )
    }
    stage.replay(entry)
  }

  private end(): void {
    this.running = false
    this.rows = undefined
    this.checkpoints.replayedBefore = Number.POSITIVE_INFINITY
    this.finish()
  }
}
