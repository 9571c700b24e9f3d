import type { OutboxKey } from '../state/store.ts'
import type { SentRow } from './publish-run.ts'
import type { Refusal } from './refusal.ts'
import { compareKeys } from './row-id.ts'

interface Trouble {
  readonly key: OutboxKey
  readonly tries: number
  readonly refusal: Refusal
}

/** The one row that the stream does not take, if there is one, and how often it was offered. */
export class RefusedRow {
  private readonly triesPerRow: number
  private trouble: Trouble | undefined

  constructor(triesPerRow: number) {
    this.triesPerRow = triesPerRow
  }

  /** Why a dead letter is to take the place of the row at `key` now; undefined if none is. */
  replacementFor(key: OutboxKey): Refusal | undefined {
    const { trouble } = this
    const past = trouble && compareKeys(trouble.key, key) === 0 ? trouble.tries - this.triesPerRow : -1
    // Past the limit row and dead letter take turns: what is in the way may be in the way of both.
    return past >= 0 && past % 2 === 0 ? trouble?.refusal : undefined
  }

  /** The row was refused once more, or its dead letter was; `atOnce` when asking again cannot help. */
  refused({ key, replaced }: SentRow, refusal: Refusal, atOnce: boolean): void {
    const same = this.trouble && compareKeys(this.trouble.key, key) === 0 ? this.trouble : undefined
    const tries = atOnce && !same ? this.triesPerRow : (same?.tries ?? 0) + 1
    // The dead letter's own refusal must not hide what was wrong with the row.
    this.trouble = { key, tries, refusal: replaced && same ? same.refusal : refusal }
  }

  /** The stream took the row, or its dead letter. Returns what was wrong with it, if anything was. */
  taken(key: OutboxKey): Refusal | undefined {
    const { trouble } = this
    if (!trouble || compareKeys(trouble.key, key) !== 0) return undefined
    this.trouble = undefined
    return trouble.refusal
  }

  /** Everything up to `key` was found to be in the stream. */
  foundUpTo(key: OutboxKey | undefined): void {
    if (key && this.trouble && compareKeys(this.trouble.key, key) <= 0) this.trouble = undefined
  }
}
