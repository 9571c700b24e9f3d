import type { JournalReceipt } from '../../state/journal-entry.ts'
import type { JournalTail } from '../../state/journal-tail.ts'
import { senderStage } from '../../state/sender-stage.ts'
import type { Store } from '../../state/store.ts'
import type { Checkpoints } from '../commit/checkpoints.ts'
import type { Receipt } from '../delivery.ts'
import { SenderWindow } from './sender-window.ts'

/** Senders whose windows stay in memory once they are saved. */
export const residentSenders = 10_000

/**
 * Recognises a delivery that was taken before, also across a crash: windows are saved like any other state,
 * and what the journal holds beyond them is added at the start.
 */
export class Redeliveries {
  private readonly store: Store
  private readonly checkpoints: Checkpoints
  private readonly windows = new Map<string, SenderWindow>()

  constructor(store: Store, tail: JournalTail, checkpoints: Checkpoints) {
    this.store = store
    this.checkpoints = checkpoints
    for (const receipt of tail.takeReceipts()) {
      this.remember(receipt, tail.start)
    }
  }

  /** Whether this was taken before. Only what is marked as resent is looked up. */
  isKnown(receipt: Receipt): boolean {
    return receipt.resent && this.windowOf(receipt.sender).includes(receipt)
  }

  /** Notes that a delivery was taken, with the journal entry at `position`. */
  remember(receipt: JournalReceipt, position: number): void {
    const window = this.windowOf(receipt.sender)
    this.windows.set(receipt.sender, window)
    window.remember(receipt)
    this.checkpoints.mark(window, position)
  }

  /** Kept while there is room: one that is only looked into is on the disk as it is. */
  private windowOf(sender: string): SenderWindow {
    const known = this.windows.get(sender)
    if (known) return known
    const row = this.store.readStates(senderStage, sender)[0]?.bytes
    const window = new SenderWindow(sender, row, (saved) => this.saved(saved))
    if (this.windows.size < residentSenders) this.windows.set(sender, window)
    return window
  }

  /** One with unsaved deliveries stays, however many there are: the disk does not know them yet. */
  private saved({ sender, dirt }: SenderWindow): void {
    if (dirt.isClean && this.windows.size > residentSenders) this.windows.delete(sender)
  }
}
