import { percentile } from '../../support/percentile.ts'

/** Milliseconds between two samples. */
const every = 50

/** How many PUBACKs had arrived by when, sampled every 50 ms. */
export class PubackRecord {
  private readonly samples: { readonly at: number; readonly count: number }[] = []
  private readonly timer: NodeJS.Timeout
  private readonly count: () => number

  constructor(count: () => number) {
    this.count = count
    this.sample()
    this.timer = setInterval(() => this.sample(), every)
  }

  /** Moment of the first sample after `since` with `more` PUBACKs more than at `since`, or undefined. */
  reached(more: number, since: number): number | undefined {
    const before = this.countAt(since)
    return this.samples.find(({ at, count }) => at > since && count >= before + more)?.at
  }

  /** Median of the PUBACKs in each second from `from` to `to`. */
  medianRate(from: number, to: number): number {
    return percentile(
      this.seconds(from, to).map(({ rate }) => rate),
      0.5,
    )
  }

  /** Beginning of the first second from `since` on in which at least `rate` PUBACKs arrived, or undefined. */
  firstSecondOf(rate: number, since: number): number | undefined {
    return this.seconds(since, Number.POSITIVE_INFINITY).find((second) => second.rate >= rate)?.from
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** Every second between two moments that begins with a sample; they overlap. */
  private seconds(from: number, to: number): { readonly from: number; readonly rate: number }[] {
    const inside = this.samples.filter(({ at }) => at >= from && at <= to)
    let end = 0
    return inside.flatMap(({ at, count }) => {
      while (end < inside.length && inside[end]!.at < at + 1_000) end++
      const last = inside[end]
      return last ? [{ from: at, rate: ((last.count - count) * 1_000) / (last.at - at) }] : []
    })
  }

  private countAt(moment: number): number {
    return this.samples.findLast(({ at }) => at <= moment)?.count ?? 0
  }

  private sample(): void {
    this.samples.push({ at: performance.now(), count: this.count() })
  }
}
