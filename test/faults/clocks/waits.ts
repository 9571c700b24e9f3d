/** How long healthy machines waited for their PUBACKs, from the moment at which they meant to publish. */
export class Waits {
  /** Milliseconds of a wait in which the thread was busy with machines whose clocks are bad, at the most. */
  longestForBad = 0
  /** The longest wait of each second, by its moment. */
  private readonly seconds = new Map<number, number>()

  add(at: number, wait: number, forBad: number): void {
    this.seconds.set(at, Math.max(wait, this.seconds.get(at) ?? 0))
    this.longestForBad = Math.max(this.longestForBad, forBad)
  }

  get longest(): number {
    return Math.max(...this.seconds.values())
  }

  /** The longest wait but for the worst tenth of the seconds, in which a shared machine may have paused. */
  get longestAsARule(): number {
    const sorted = [...this.seconds.values()].sort((a, b) => a - b)
    return sorted[Math.floor(0.9 * (sorted.length - 1))]!
  }
}
