import type { OutputTag } from './output-tag.ts'

/**
 * Where a processor sends what it makes of an event, a timer or a silence. A composition hands each of its
 * parts an output of its own, and nothing else.
 */
export interface Output<Result> {
  /** Emits a result: it goes to the next step. */
  emit(value: Result): void
  /**
   * Sends `value` to the side output `tag`, past all further steps and stages. `reason` says why it left the
   * main path, with the field, the value and the remedy; empty unless given. An event that a turn sends to
   * `late` more than once counts once, and the runner gives it a reason that names the watermark.
   */
  to<T>(tag: OutputTag<T>, value: NoInfer<T>, reason?: string): void
}
