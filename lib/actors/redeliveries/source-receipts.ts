import type { JournalReceipt } from '../../state/journal-entry.ts'
import { senderStage } from '../../state/reserved-stages.ts'
import type { Store } from '../../state/store.ts'
import type { Checkpoints } from '../commit/checkpoints.ts'
import { SenderWindow } from './sender-window.ts'

/** Senders of one source whose windows stay in memory once they are saved. */
export const residentSenders = 10_000

type Numbered = Pick<JournalReceipt, 'sender' | 'number' | 'checksum'>

/** The last deliveries of every sender of one source. */
export class SourceReceipts {
  private readonly source: string
  private readonly store: Store
  private readonly checkpoints: Checkpoints
  private readonly former: SourceReceipts | undefined
  private readonly windows = new Map<string, SenderWindow>()

  /** @param former Has the windows of senders for which this source has none yet. */
  constructor(source: string, store: Store, checkpoints: Checkpoints, former: SourceReceipts | undefined) {
    this.source = source
    this.store = store
    this.checkpoints = checkpoints
    this.former = former
  }

  includes(receipt: Numbered): boolean {
    return this.windowOf(receipt.sender).includes(receipt)
  }

  remember(receipt: Numbered, position: number): void {
    const window = this.windowOf(receipt.sender)
    this.windows.set(receipt.sender, window)
    window.remember(receipt)
    this.checkpoints.mark(window, position)
  }

  /** Kept while there is room: one that is only looked into is on the disk as it is. */
  private windowOf(sender: string): SenderWindow {
    const known = this.windows.get(sender)
    if (known) return known
    const row = this.rowOf(sender) ?? this.former?.bytesOf(sender)
    const window = new SenderWindow(this.source, sender, row, (saved) => this.saved(saved))
    if (this.windows.size < residentSenders) this.windows.set(sender, window)
    return window
  }

  private bytesOf(sender: string): Uint8Array | undefined {
    return this.windows.get(sender)?.encode() ?? this.rowOf(sender)
  }

  private rowOf(sender: string): Uint8Array | undefined {
    const { states } = this.store.readActor(senderStage, sender)
    return states.find(({ step }) => step === this.source)?.bytes
  }

  /** One with unsaved deliveries stays, however many there are: the disk does not know them yet. */
  private saved({ sender, dirt }: SenderWindow): void {
    if (dirt.isClean && this.windows.size > residentSenders) this.windows.delete(sender)
  }
}
