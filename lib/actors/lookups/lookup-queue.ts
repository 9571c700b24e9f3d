import type { WallClock } from '../../time/wall-clock.ts'
import { askUntilAnswered } from './ask-until-answered.ts'
import type { Answered, Question } from './lookup.ts'

/** Questions of one lookup that wait in memory at the most. Every question is in its actor's state too. */
export const longestQueue = 10_000

export interface LookupQueueOptions {
  readonly clock: WallClock
  /** Gives an answer to the actor of `key`. */
  readonly take: (key: string, answered: Answered) => void
  /** Called after every answer that was taken. */
  readonly onTaken: () => void
}

interface Asked {
  readonly key: string
  readonly question: Question
}

/** The questions of one lookup, over all actors of a stage: so many asked at a time, the others in order. */
export class LookupQueue {
  private readonly options: LookupQueueOptions
  private readonly waiting = new Map<string, Asked>()
  private readonly asking = new Map<string, AbortController>()
  private isStopped = false

  constructor(options: LookupQueueOptions) {
    this.options = options
  }

  get isIdle(): boolean {
    return this.asking.size === 0
  }

  get hasRoom(): boolean {
    return this.waiting.size < longestQueue / 2
  }

  /** Aborts what is being asked, and asks nothing any more. */
  stop(): void {
    this.isStopped = true
    this.waiting.clear()
    const reason = new Error('nobody waits for the answer any more')
    for (const aborter of this.asking.values()) aborter.abort(reason)
  }

  /** Asks once, however often it is added before it is answered. Returns false when there is no room. */
  add(key: string, question: Question): boolean {
    const name = `${question.id} ${key}`
    if (this.asking.has(name) || this.waiting.has(name)) return true
    if (this.waiting.size === longestQueue) return false
    this.waiting.set(name, { key, question })
    this.askNext(question)
    return true
  }

  private askNext({ options: { concurrency = 100 } }: Question): void {
    if (this.asking.size >= concurrency) return
    for (const [name, asked] of this.waiting) {
      this.waiting.delete(name)
      void this.ask(name, asked)
      return
    }
  }

  private async ask(name: string, { key, question }: Asked): Promise<void> {
    const { clock, take, onTaken } = this.options
    const aborter = new AbortController()
    this.asking.set(name, aborter)
    await undefined // The turn that asks is not over yet.
    const answered = await askUntilAnswered(question, clock, aborter.signal)
    if (this.isStopped) return
    // Taken before it is forgotten: an actor woken by its answer asks again for all it waits for.
    take(key, answered)
    this.asking.delete(name)
    this.askNext(question)
    onTaken()
  }
}
