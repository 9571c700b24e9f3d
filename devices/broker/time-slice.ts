/** Work within one turn of the event loop, which is over after so many milliseconds. */
export class TimeSlice {
  private readonly now: () => number
  private end: number

  /** @param now milliseconds of the monotonic clock. */
  constructor(now: () => number, lengthMs: number) {
    this.now = now
    this.end = now() + lengthMs
  }

  get isOver(): boolean {
    return this.now() >= this.end
  }

  /** Shortens the slice by work that is caused now and done at the end of the turn, in milliseconds. */
  charge(costMs: number): void {
    this.end -= costMs
  }
}
