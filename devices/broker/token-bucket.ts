/** Allows `burst` at once and `perSecond` in the long run. */
export class TokenBucket {
  private readonly perSecond: number
  private readonly burst: number
  private tokens: number
  private refilled = Number.NEGATIVE_INFINITY

  constructor(perSecond: number, burst: number) {
    this.perSecond = perSecond
    this.burst = burst
    this.tokens = burst
  }

  /** Takes a token at `now`, epoch milliseconds, if there is one. A clock that steps back refills nothing. */
  take(now: number): boolean {
    if (now > this.refilled) {
      const elapsed = this.refilled === Number.NEGATIVE_INFINITY ? 0 : now - this.refilled
      this.tokens = Math.min(this.burst, this.tokens + (elapsed * this.perSecond) / 1_000)
    }
    this.refilled = now
    if (this.tokens < 1) return false
    this.tokens--
    return true
  }
}
