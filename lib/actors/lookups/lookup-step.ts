import { migrateState } from '../../time/migrate-state.ts'
import type { StateVersion } from '../../time/state-version.ts'
import type { Timed } from '../../time/timed.ts'
import type { Step, StepRow } from '../steps/step.ts'
import type { StepTurn } from '../steps/step-turn.ts'
import type { Answered, LookupOptions, Question } from './lookup.ts'

/** What a lookup needs of the actor it belongs to. */
export interface LookupHost {
  /** Asks once the turn at hand is accepted. */
  ask(question: Question): void
  dead(value: unknown, reason: string): void
}

/** The saved state: what has been asked and not been answered. */
interface Unanswered {
  next: number
  readonly pending: Map<number, Timed>
}

/** A durable step that holds every event back until something outside has answered about it. */
export class LookupStep implements Step {
  readonly name: string
  readonly version = 1
  readonly turn: StepTurn
  readonly due = Number.POSITIVE_INFINITY
  readonly awaitsSilence = false
  private readonly options: Question['options']
  private readonly host: LookupHost
  private state: Unanswered = { next: 1, pending: new Map() }
  private dirty = false

  constructor(
    name: string,
    options: LookupOptions<Timed, unknown, unknown>,
    turn: StepTurn,
    host: LookupHost,
  ) {
    this.name = name
    this.options = options
    this.turn = turn
    this.host = host
  }

  get subkey(): string {
    return ''
  }

  next(event: Timed): void {
    this.dirty = true
    const id = this.state.next++
    this.state.pending.set(id, event)
    this.host.ask(this.question(id, event))
  }

  onAnswer(answered: Answered): void {
    const event = this.forget(answered.id)
    if (!event) return
    if ('error' in answered) this.host.dead(event, answered.error)
    else this.turn.emit(this.options.join(event, answered.answer))
  }

  /** Waits no longer for an answer. Returns the event it was about, nothing when it is answered already. */
  forget(id: number): Timed | undefined {
    const event = this.state.pending.get(id)
    if (event) this.dirty = true
    this.state.pending.delete(id)
    return event
  }

  isPending(id: number): boolean {
    return this.state.pending.has(id)
  }

  /** Everything it waits for, to be asked again. */
  *questions(): Generator<Question> {
    for (const [id, event] of this.state.pending) yield this.question(id, event)
  }

  onTime(): void {}

  onIdle(): void {}

  migrate(state: unknown, from: StateVersion): unknown {
    return migrateState({ create: () => undefined }, state, from)
  }

  restore(_subkey: string, state: unknown, isSaved: boolean): void {
    this.state = state as Unanswered
    this.dirty = !isSaved
  }

  takeDirty(): readonly StepRow[] {
    if (!this.dirty) return []
    this.dirty = false
    return this.rows()
  }

  rows(): readonly StepRow[] {
    return [{ subkey: '', state: this.state }]
  }

  private question(id: number, event: Timed): Question {
    return { step: this.name, id, event, options: this.options }
  }
}

/** Whether the saved state of a lookup waits for an answer. */
export const isUnanswered = (state: unknown): boolean => (state as Unanswered).pending.size > 0
