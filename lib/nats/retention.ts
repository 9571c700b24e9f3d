import type { OutboxKey } from '../state/store.ts'
import type { Duration } from '../time/duration.ts'
import { compareKeys } from './row-id.ts'

/**
 * Which confirmed rows may go. JetStream confirms what it has written, not what it has synced to the disk,
 * so a row stays until the server must have synced it. Confirmations are remembered by the second, whatever
 * the rate.
 */
export class Retention {
  private readonly keepFor: Duration
  private readonly grain: Duration
  private readonly confirmed: { key: OutboxKey; readonly until: number }[] = []

  constructor(keepFor: Duration, grain: Duration = 1_000) {
    this.keepFor = keepFor
    this.grain = grain
  }

  /** Every row up to `key` was confirmed by `now`, of a clock that nobody sets. */
  add(key: OutboxKey, now: number): void {
    const newest = this.confirmed.at(-1)
    if (newest && newest.until > now) newest.key = key
    else this.confirmed.push({ key, until: now + this.grain })
  }

  /** Rows after `key` are not confirmed after all. */
  rewind(key: OutboxKey | undefined): void {
    for (let newest = this.confirmed.at(-1); newest; newest = this.confirmed.at(-1)) {
      if (key && compareKeys(newest.key, key) <= 0) return
      this.confirmed.pop()
    }
  }

  /** The newest row, up to `upTo`, that may go with all before it; it is then forgotten. */
  release(now: number, upTo: OutboxKey): OutboxKey | undefined {
    let released: OutboxKey | undefined
    for (let oldest = this.confirmed[0]; oldest; oldest = this.confirmed[0]) {
      if (oldest.until + this.keepFor > now || compareKeys(oldest.key, upTo) > 0) break
      released = oldest.key
      this.confirmed.shift()
    }
    return released
  }

  get size(): number {
    return this.confirmed.length
  }
}
