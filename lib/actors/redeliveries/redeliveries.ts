import type { JournalReceipt } from '../../state/journal-entry.ts'
import type { JournalTail } from '../../state/journal-tail.ts'
import type { Store } from '../../state/store.ts'
import type { Checkpoints } from '../commit/checkpoints.ts'
import type { Receipt } from '../delivery.ts'
import { SourceReceipts } from './source-receipts.ts'

/** Source of the receipts that were saved before sources had names. */
const unnamed = ''

/**
 * Recognises a delivery that was taken before from the same source, also across a crash: windows are saved
 * like any other state, and what the journal holds beyond them is added at the start.
 */
export class Redeliveries {
  private readonly store: Store
  private readonly checkpoints: Checkpoints
  private readonly sources = new Map<string, SourceReceipts>()

  constructor(store: Store, tail: JournalTail, checkpoints: Checkpoints) {
    this.store = store
    this.checkpoints = checkpoints
    for (const receipt of tail.takeReceipts()) this.remember(receipt, tail.start)
  }

  /** Whether this was taken before. Only what is marked as resent is looked up. */
  isKnown(source: string, receipt: Receipt): boolean {
    return receipt.resent && this.receiptsOf(source).includes(receipt)
  }

  /** Notes that a delivery was taken, with the journal entry at `position`. */
  remember(receipt: JournalReceipt, position: number): void {
    this.receiptsOf(receipt.source).remember(receipt, position)
  }

  private receiptsOf(source: string): SourceReceipts {
    let receipts = this.sources.get(source)
    if (!receipts) {
      // A source that has been given a name goes on with what it took without one.
      const former = source === unnamed ? undefined : this.receiptsOf(unnamed)
      receipts = new SourceReceipts(source, this.store, this.checkpoints, former)
      this.sources.set(source, receipts)
    }
    return receipts
  }
}
