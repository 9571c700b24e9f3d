import { lateness } from '../time/lateness.ts'
import { dead, late } from '../time/output-tag.ts'
import type { Timed } from '../time/timed.ts'
import type { Aside } from './delivery.ts'
import type { Question } from './lookups/lookup.ts'

/** Everything one turn produced, collected until the turn has succeeded as a whole. */
export class TurnOutputs {
  values: unknown[] = []
  asides: Aside[] = []
  questions: Question[] | undefined
  private lateEvent: Timed | undefined

  /** An event can be late for several steps of a turn; it is reported once. */
  late(event: Timed, watermark: number, reason = lateness(event, watermark)): void {
    if (this.lateEvent === event) return
    this.lateEvent = event
    this.aside(late.name, event, reason)
  }

  dead(value: unknown, reason: string): void {
    this.aside(dead.name, value, reason)
  }

  aside(tag: string, value: unknown, reason: string): void {
    this.asides.push({ tag, value, reason })
  }

  ask(question: Question): void {
    this.questions ??= []
    this.questions.push(question)
  }

  get isEmpty(): boolean {
    return this.values.length === 0 && this.asides.length === 0 && this.questions === undefined
  }

  clear(): void {
    this.values = []
    this.asides = []
    this.questions = undefined
    this.lateEvent = undefined
  }
}
