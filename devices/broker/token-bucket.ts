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

  /** Takes a token at `now`, milliseconds of a clock that nobody sets, if there is one. */
  take(now: number): boolean {
    this.refill(now)
    if (this.tokens < 1) return false
    this.tokens--
    return true
  }

  /** Milliseconds until there is a token, 0 when there is one at `now`. */
  readyIn(now: number): number {
    this.refill(now)
    return this.tokens >= 1 ? 0 : ((1 - this.tokens) * 1_000) / this.perSecond
  }

  /** Tokens there are at `now`. */
  level(now: number): number {
    this.refill(now)
    return this.tokens
  }

  private refill(now: number): void {
    if (now > this.refilled) {
      const elapsed = this.refilled === Number.NEGATIVE_INFINITY ? 0 : now - this.refilled
      this.tokens = Math.min(this.burst, this.tokens + (elapsed * this.perSecond) / 1_000)
    }
    this.refilled = now
  }
}
