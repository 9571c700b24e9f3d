import type { JournalEntry } from '../../state/journal-entry.ts'
import type { Actor } from '../actor.ts'
import type { Checkpoints } from '../commit/checkpoints.ts'
import type { Answered } from '../lookups/lookup.ts'
import { TurnOutputs } from '../turn-outputs.ts'
import type { StageValues } from '../values/stage-values.ts'
import type { EvictionOrder } from './eviction-order.ts'
import type { Resident } from './resident.ts'

/** What repeating needs of the stage. */
export interface RepeatTurnsOptions {
  readonly stage: string
  readonly order: EvictionOrder
  readonly checkpoints: Checkpoints
  readonly values: StageValues
}

/** Repeats turns of the journal, with the values that were in force then. */
export class RepeatTurns {
  private readonly options: RepeatTurnsOptions
  /** What a repeated turn puts out is already in the outbox. */
  private readonly discarded = new TurnOutputs()

  constructor(options: RepeatTurnsOptions) {
    this.options = options
  }

  /** Gives those of `entries` to `resident` that are its own and that it does not include yet. */
  all(resident: Resident, entries: Iterable<JournalEntry>): void {
    const { stage, checkpoints } = this.options
    for (const entry of entries) {
      const { position } = entry
      if (entry.actor !== resident.key || entry.stage !== stage || position <= resident.position) continue
      this.one(resident.actor, entry)
      if (!this.discarded.isEmpty) this.discarded.clear()
      this.noteArrival(resident, entry)
      resident.position = position
      checkpoints.mark(resident, position)
    }
  }

  /** Rows say when an actor was last heard of before they were saved; the journal has what came after. */
  noteArrival(resident: Resident, { kind, arrival }: JournalEntry): void {
    if (arrival < resident.lastEvent) return
    if (kind === 'event' || resident.lastEvent === 0) this.options.order.heard(resident, arrival)
    if (kind === 'idle') resident.silence = 'idle'
    if (kind === 'close') resident.silence = 'closed'
  }

  private one(actor: Actor, { position, kind, verdict, event, arrival }: JournalEntry): void {
    if (kind === 'value') return
    if (verdict === 'accepted') {
      this.options.values.at(position, () => actor.turn(kind, event, arrival, this.discarded))
    } else if (kind === 'answer') {
      actor.forget(event as Answered)
    }
  }
}
