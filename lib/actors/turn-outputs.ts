import { timeInWords } from '../time/time-in-words.ts'
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
  late(event: Timed, watermark: number): void {
    if (this.lateEvent === event) return
    this.lateEvent = event
    const reason =
      `time ${timeInWords(event.time)} is ${watermark - event.time} ms behind the watermark, later than the ` +
      'bound on out-of-orderness allows: raise the bound by more than that to accept it'
    this.asides.push({ kind: 'late', value: event, reason })
  }

  quarantine(event: Timed, reason: string): void {
    this.asides.push({ kind: 'quarantined', value: event, reason })
  }

  dead(value: unknown, reason: string): void {
    this.asides.push({ kind: 'dead', value, reason })
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
