import type { OutboxRow, Store } from '../../state/store.ts'
import { type Duration, milliseconds, seconds } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import { claimOutbox } from './claim-outbox.ts'

/** Pause after the first refusal in a row; it doubles up to the longest. */
const firstPause: Duration = milliseconds(100)
const longestPause: Duration = seconds(10)

export interface OutboxRelayOptions<Item> {
  readonly store: Store
  /** Name of the outbox. */
  readonly sink: string
  readonly clock: WallClock
  /** Items delivered at once, at the most. */
  readonly atATime: number
  /** Makes an item of a row. */
  readonly read: (row: OutboxRow) => Item
  /** Delivers items in order. When it rejects, the same items come again after a pause. */
  readonly deliver: (items: readonly Item[]) => Promise<void>
  /** Called with the first of several refusals in a row. */
  readonly onRefused: (items: readonly Item[], error: unknown) => void
  /** Called when items have been delivered and their rows are deleted. */
  readonly onRemoved?: (items: readonly Item[]) => void
}

/** Delivers the rows of an outbox in order, each until it is taken, and deletes them then. */
export class OutboxRelay<Item> {
  private readonly options: OutboxRelayOptions<Item>
  private readonly release: () => void
  private isDraining = false
  private isStopped = false
  private wake: () => void = () => {}
  private endPause: () => void = () => {}

  /** Throws when another relay delivers the same outbox. */
  constructor(options: OutboxRelayOptions<Item>) {
    this.options = options
    this.release = claimOutbox(options.store, options.sink)
  }

  /** Resolves when the outbox is empty after `drain`, or when it is stopped. Rejects when the store fails. */
  async run(): Promise<void> {
    const { store, sink, atATime, read, onRemoved = () => {} } = this.options
    const outbox = store.outbox(sink)
    const stopListening = outbox.onAppend(() => this.wake())
    try {
      while (!this.isStopped) {
        const rows = outbox.read(undefined, atATime)
        if (rows.length === 0 && this.isDraining) return
        if (rows.length === 0) {
          await this.woken()
          continue
        }
        const items = rows.map(read)
        if (!(await this.deliver(items))) return
        await outbox.remove(rows.at(-1)!)
        if (!this.isStopped) onRemoved(items)
      }
    } finally {
      stopListening()
    }
  }

  /** Has `run` resolve once the outbox is empty: nothing more will be appended. */
  drain(): void {
    this.isDraining = true
    this.wake()
  }

  /** Delivers nothing more. What is left stays in the outbox. */
  stop(): void {
    this.isStopped = true
    this.release()
    this.wake()
    this.endPause()
  }

  /** Returns whether the items were taken. */
  private async deliver(items: readonly Item[]): Promise<boolean> {
    const { clock, deliver, onRefused } = this.options
    for (let pause = firstPause; !this.isStopped; pause = Math.min(pause * 2, longestPause)) {
      try {
        await deliver(items)
        return true
      } catch (error) {
        if (pause === firstPause) onRefused(items, error)
        await new Promise<void>((resume) => {
          const cancel = clock.after(pause, resume)
          this.endPause = () => {
            cancel()
            resume()
          }
        })
      }
    }
    return false
  }

  private woken(): Promise<void> {
    return new Promise((resume) => {
      this.wake = resume
    })
  }
}
