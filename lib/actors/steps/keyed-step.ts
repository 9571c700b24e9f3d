import { migrateState, StateNotMigrated } from '../../time/migrate-state.ts'
import type { KeyedProcessor } from '../../time/processor.ts'
import { type StateVersion, versionOf } from '../../time/state-version.ts'
import type { Timed } from '../../time/timed.ts'
import { checkKey } from '../check-key.ts'
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
    const slot = this.slotOf(this.processor.keyOf(event))
    slot.dirty = true
    this.processor.each.onEvent(slot.state, event, this.turn)
    this.schedule(slot)
  }

  onTime(time: number): void {
    this.due = Number.POSITIVE_INFINITY
    for (const slot of this.slots.values()) {
      if (slot.due <= time) {
        slot.dirty = true
        this.processor.each.onTime?.(slot.state, time, this.turn)
      }
      this.schedule(slot)
    }
  }

  onIdle(): void {
    const { each } = this.processor
    if (!each.onIdle) return
    for (const slot of this.slots.values()) {
      slot.dirty = true
      each.onIdle(slot.state, this.turn)
    }
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
    this.schedule(slot)
  }

  touch(): void {
    for (const slot of this.slots.values()) {
      slot.dirty = true
      return
    }
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
    if (!each.due) return
    slot.due = each.due(slot.state)
    if (slot.due < this.due) this.due = slot.due
  }
}
