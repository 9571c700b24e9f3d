import type { Question } from './lookup.ts'
import { LookupQueue, type LookupQueueOptions } from './lookup-queue.ts'

export interface LookupsOptions extends Pick<LookupQueueOptions, 'clock' | 'take'> {
  /** Names of the lookups that the behavior has. */
  readonly names: ReadonlySet<string>
}

/**
 * Everything the actors of one stage ask outside of their turns. What is asked is also in their states, so
 * nothing is lost when memory ends: what did not fit, or was asked by an earlier process, is searched for.
 */
export class Lookups {
  readonly names: ReadonlySet<string>
  private readonly queues = new Map<string, LookupQueue>()
  private readonly options: LookupsOptions
  private waiting: (() => void)[] = []
  /** Some actor may wait for an answer that nobody has been asked for. */
  private isIncomplete: boolean
  private isSearching = false
  private hasStopped = false

  constructor(options: LookupsOptions) {
    this.options = options
    this.names = options.names
    this.isIncomplete = options.names.size > 0
  }

  get isStopped(): boolean {
    return this.hasStopped
  }

  ask(key: string, questions: Iterable<Question>): void {
    if (this.hasStopped) return
    for (const question of questions) {
      if (this.queueOf(question).add(key, question)) continue
      this.isIncomplete = true
      return
    }
  }

  /** Runs `search`, which asks for all that is pending, and runs it again when not all of it fitted. */
  async keepSearching(search: () => Promise<void>): Promise<void> {
    for (;;) {
      await this.until(() => this.isIncomplete && this.hasRoom)
      if (this.hasStopped) return
      this.isIncomplete = false
      this.isSearching = true
      await search()
      this.isSearching = false
      this.onChange()
    }
  }

  /** Resolves when there is room for more, or when it is stopped. */
  async room(): Promise<void> {
    await this.until(() => this.hasRoom)
  }

  /** Resolves when every answer that any actor waits for has been taken, or when it is stopped. */
  async idle(): Promise<void> {
    await this.until(() => !this.isIncomplete && !this.isSearching && this.isIdle)
  }

  /** Aborts what is being asked. It stays pending in its actors. */
  stop(): void {
    this.hasStopped = true
    for (const queue of this.queues.values()) queue.stop()
    this.onChange()
  }

  private queueOf({ step }: Question): LookupQueue {
    let queue = this.queues.get(step)
    if (!queue) {
      queue = new LookupQueue({ ...this.options, onTaken: () => this.onChange() })
      this.queues.set(step, queue)
    }
    return queue
  }

  private get hasRoom(): boolean {
    return [...this.queues.values()].every((queue) => queue.hasRoom)
  }

  private get isIdle(): boolean {
    return [...this.queues.values()].every((queue) => queue.isIdle)
  }

  private async until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.hasStopped) {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve)
      })
    }
  }

  private onChange(): void {
    const woken = this.waiting
    this.waiting = []
    for (const wake of woken) wake()
  }
}
