import type { JournalReceipt } from '../../state/journal-entry.ts'
import { senderStage } from '../../state/reserved-stages.ts'
import { decode, encode } from '../../state/rows/codec.ts'
import { keyGroup } from '../../state/rows/key-group.ts'
import type { StateWrite } from '../../state/store.ts'
import { type Checkpointed, Dirt } from '../commit/checkpoints.ts'

/** Deliveries remembered a sender. MQTT message ids come round again after 65,535. */
export const rememberedDeliveries = 1024

type Numbered = Pick<JournalReceipt, 'number' | 'checksum'>

/** The last deliveries of one sender to one source, enough to recognise what it sends again. */
export class SenderWindow implements Checkpointed {
  readonly dirt = new Dirt()
  readonly sender: string
  readonly group: number
  private readonly source: string
  private readonly onSaved: (window: SenderWindow) => void
  /** Pairs of number and checksum, the oldest overwritten first. */
  private pairs: number[] = []
  private count = 0

  /** @param row What the disk holds of it. */
  constructor(
    source: string,
    sender: string,
    row: Uint8Array | undefined,
    onSaved: (window: SenderWindow) => void,
  ) {
    this.source = source
    this.sender = sender
    this.group = keyGroup(sender)
    this.onSaved = onSaved
    if (!row) return
    this.pairs = [...decode<Float64Array>(row)]
    this.count = this.pairs.length / 2
  }

  remember({ number, checksum }: Numbered): void {
    const at = (this.count++ % rememberedDeliveries) * 2
    this.pairs[at] = number
    this.pairs[at + 1] = checksum
  }

  includes({ number, checksum }: Numbered): boolean {
    for (let at = 0; at < this.pairs.length; at += 2) {
      if (this.pairs[at] === number && this.pairs[at + 1] === checksum) return true
    }
    return false
  }

  get rowOrder(): string {
    return this.sender
  }

  saved(): void {
    this.onSaved(this)
  }

  takeRows(): readonly StateWrite[] {
    const { sender: actor, source: step } = this
    return [{ stage: senderStage, actor, step, subkey: '', bytes: this.encode() }]
  }

  /** The oldest first. */
  encode(): Uint8Array {
    const oldest = this.count > rememberedDeliveries ? (this.count % rememberedDeliveries) * 2 : 0
    return encode(Float64Array.from([...this.pairs.slice(oldest), ...this.pairs.slice(0, oldest)]))
  }
}
