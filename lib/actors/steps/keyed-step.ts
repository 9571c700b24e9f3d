import { checkKey } from '../../time/check-key.ts'
import { migrateState, StateNotMigrated } from '../../time/migrate-state.ts'
import type { KeyedProcessor } from '../../time/processor.ts'
import { type StateVersion, versionOf } from '../../time/state-version.ts'
import type { Timed } from '../../time/timed.ts'
import { checkDue } from './check-due.ts'
import type { Step, StepRow } from './step.ts'
import type { StepTurn } from './step-turn.ts'

interface Slot extends StepRow {
  dirty: boolean
  due: number
}

/** A durable step with a state for each sub-key, each saved as a row of its own. */
export class KeyedStep implements Step {
  readonly name: string
  readonly turn: StepTurn
  subkey = ''
  due = Number.POSITIVE_INFINITY
  private readonly processor: KeyedProcessor<Timed, unknown>
  /** In the order of the sub-keys, so that timers due together fire alike before and after a restart. */
  private slots = new Map<string, Slot>()
  private latest: Slot | undefined

  constructor(name: string, processor: KeyedProcessor<Timed, unknown>, turn: StepTurn) {
    this.name = name
    this.processor = processor
    this.turn = turn
  }

  get version(): StateVersion {
    return versionOf(this.processor.each)
  }

  get awaitsSilence(): boolean {
    const { each } = this.processor
    if (!each.awaitsSilence) return false
    for (const { state } of this.slots.values()) if (each.awaitsSilence(state)) return true
    return false
  }

  next(event: Timed): void {
    const { processor, turn } = this
    const slot = this.slotOf(processor.keyOf(event))
    const before = this.subkey
    slot.dirty = true
    this.subkey = slot.subkey
    processor.each.onEvent(slot.state, event, turn, turn)
    // What another state of this step emitted may have come back to it: that one is at hand again.
    this.subkey = before
    this.schedule(slot)
  }

  onTime(time: number): void {
    const { processor, turn } = this
    const before = this.subkey
    this.due = Number.POSITIVE_INFINITY
    for (const slot of this.slots.values()) {
      if (slot.due <= time) {
        slot.dirty = true
        this.subkey = slot.subkey
        processor.each.onTime?.(slot.state, time, turn, turn)
      }
      this.schedule(slot)
    }
    this.subkey = before
  }

  onIdle(): void {
    const { processor, turn } = this
    const { each } = processor
    if (!each.onIdle) return
    const before = this.subkey
    for (const slot of this.slots.values()) {
      slot.dirty = true
      this.subkey = slot.subkey
      each.onIdle(slot.state, turn, turn)
    }
    this.subkey = before
  }

  migrate(state: unknown, from: StateVersion): unknown {
    return migrateState(this.processor.each, state, from)
  }

  restore(subkey: string, state: unknown, isSaved: boolean): void {
    if (subkey === '') {
      throw new StateNotMigrated(
        'it was saved as one state, and is kept for each sub-key now. Give the changed step a new name, or ' +
          'start from an empty store',
      )
    }
    const slot = this.open(subkey, state)
    slot.dirty = !isSaved
    const { each } = this.processor
    if (each.due) this.arm(slot, each.due(state))
  }

  takeDirty(): readonly StepRow[] {
    const rows: Slot[] = []
    for (const slot of this.slots.values()) {
      if (!slot.dirty) continue
      slot.dirty = false
      rows.push(slot)
    }
    return rows
  }

  rows(): readonly StepRow[] {
    return [...this.slots.values()]
  }

  /** Events of one sub-key often follow each other, and then nothing has to be looked up. */
  private slotOf(subkey: string): Slot {
    if (this.latest?.subkey !== subkey) {
      this.latest = this.slots.get(subkey) ?? this.open(subkey, this.processor.each.create())
    }
    return this.latest
  }

  private open(subkey: string, state: unknown): Slot {
    checkKey(`sub-key of step "${this.name}"`, subkey)
    const slot: Slot = { subkey, state, dirty: false, due: Number.POSITIVE_INFINITY }
    this.slots.set(subkey, slot)
    this.slots = new Map([...this.slots].sort(([a], [b]) => (a < b ? -1 : 1)))
    return slot
  }

  private schedule(slot: Slot): void {
    const { each } = this.processor
    if (each.due) this.arm(slot, checkDue(this.name, each.due(slot.state)))
  }

  private arm(slot: Slot, due: number): void {
    slot.due = due
    if (due < this.due) this.due = due
  }
}
