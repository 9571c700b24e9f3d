import type { JournalTail } from '../../state/journal-tail.ts'
import { senderStage } from '../../state/sender-stage.ts'
import type { Store } from '../../state/store.ts'
import type { Checkpoints } from '../commit/checkpoints.ts'
import type { Receipt } from '../delivery.ts'
import { SenderWindow } from './sender-window.ts'

/** Senders whose windows stay in memory once they are saved. */
const residentSenders = 10_000

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
    for (const receipt of tail.receipts()) {
      const window = this.windowOf(receipt.sender)
      window.remember(receipt)
      checkpoints.mark(window, tail.start)
    }
  }

  /** Whether this was taken before. Only what is marked as resent is looked up. */
  isKnown(receipt: Receipt): boolean {
    return receipt.resent && this.windowOf(receipt.sender).includes(receipt)
  }

  /** Notes that a delivery was taken, with the journal entry at `position`. */
  remember(receipt: Receipt, position: number): void {
    const window = this.windowOf(receipt.sender)
    window.remember(receipt)
    this.checkpoints.mark(window, position)
  }

  private windowOf(sender: string): SenderWindow {
    const known = this.windows.get(sender)
    if (known) return known
    const window = new SenderWindow(sender, this.store.readStates(senderStage, sender)[0]?.bytes)
    this.windows.set(sender, window)
    this.makeRoom()
    return window
  }

  private makeRoom(): void {
    if (this.windows.size <= residentSenders) return
    for (const [sender, { dirt }] of this.windows) {
      if (!dirt.isClean) continue
      this.windows.delete(sender)
      return
    }
  }
}
