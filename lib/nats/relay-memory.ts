import type { Outbox, OutboxKey, Store } from '../state/store.ts'
import { type Duration, seconds } from '../time/duration.ts'
import type { WallClock } from '../time/wall-clock.ts'
import { decodeMark, encodeMark, markName } from './relay-mark.ts'
import type { RelayReport } from './relay-report.ts'
import { Retention } from './retention.ts'
import type { Confirmed } from './stream-place.ts'

export interface RelayMemoryOptions {
  readonly store: Store
  readonly sink: string
  readonly clock: WallClock
  readonly syncInterval: Duration
  readonly report: (report: RelayReport) => void
}

/**
 * What is confirmed, kept in the store once a second, and the rows that may therefore go. The mark is
 * flushed before a row it covers is deleted, so that no row is ever unknown to both.
 */
export class RelayMemory {
  confirmed: Confirmed | undefined
  /** The newest row that is no longer in the outbox. */
  removed: OutboxKey | undefined
  private readonly options: RelayMemoryOptions
  private readonly outbox: Outbox
  private readonly retention: Retention
  /** The newest row that the mark in the store covers. */
  private saved: OutboxKey | undefined
  private unsaved = false
  private busy: Promise<void> | undefined
  private cancelTick: (() => void) | undefined
  private stopped = false

  constructor(options: RelayMemoryOptions) {
    this.options = options
    this.outbox = options.store.outbox(options.sink)
    this.retention = new Retention(options.syncInterval)
    const bytes = options.store.readNote(markName(options.sink))
    if (!bytes) return
    const { removed, ...confirmed } = decodeMark(bytes)
    this.confirmed = confirmed
    this.removed = removed
    this.saved = confirmed.key
  }

  confirm(confirmed: Confirmed): void {
    this.confirmed = confirmed
    this.retention.add(confirmed.key, this.options.clock.monotonic())
    this.unsaved = true
    this.schedule()
  }

  /** The stream was looked at, and this is what it has now; undefined for nothing. */
  resume(confirmed: Confirmed | undefined): void {
    this.retention.rewind(confirmed?.key)
    if (confirmed) this.confirm(confirmed)
    else this.confirmed = undefined
  }

  /** Flushes the mark. Rejects when the store cannot write. */
  async save(): Promise<void> {
    await this.busy?.catch(() => {})
    if (!this.unsaved || !this.confirmed) return
    this.unsaved = false
    const { key } = this.confirmed
    const mark = encodeMark({ ...this.confirmed, removed: this.removed })
    await this.options.store.writeNote(markName(this.options.sink), mark).catch((error: unknown) => {
      this.unsaved = true
      throw error
    })
    this.saved = key
  }

  /** From now on the store is left alone. */
  stop(): void {
    this.stopped = true
    this.cancelTick?.()
  }

  private schedule(): void {
    if (this.stopped || this.cancelTick) return
    this.cancelTick = this.options.clock.after(seconds(1), () => {
      this.busy = this.tidy()
        .catch((error: unknown) => this.options.report({ kind: 'store', message: String(error) }))
        .finally(() => {
          this.busy = undefined
          this.cancelTick = undefined
          if (this.unsaved || this.retention.size > 0) this.schedule()
        })
    })
  }

  private async tidy(): Promise<void> {
    await this.save()
    if (this.stopped || !this.saved) return
    // What was confirmed while the mark was written is not covered by it, and waits for the next.
    const removable = this.retention.release(this.options.clock.monotonic(), this.saved)
    if (!removable) return
    this.removed = removable
    this.unsaved = true
    await this.outbox.remove(removable)
  }
}
