import type { Duration } from '../lib/time/duration.ts'
import type { WallClock } from '../lib/time/wall-clock.ts'

/** What came of one kind after the first. */
export interface Repeats<Example> {
  readonly kind: string
  /** How many, 1 or more. */
  readonly count: number
  /** When the first, or the last report, was: epoch milliseconds. */
  readonly since: number
  readonly newest: Example
}

export interface RepeatCounterOptions<Example> {
  readonly clock: WallClock
  /** How long one kind is counted before it is reported. */
  readonly window: Duration
  /** Kinds counted at a time. */
  readonly kinds: number
  readonly report: (repeats: Repeats<Example>) => void
}

interface Counting<Example> {
  count: number
  newest: Example
  since: number
  /** By the monotonic clock. */
  due: number
}

/** The kind under which all are counted for which there is no room. */
export const otherKinds = ''

/**
 * Tells the first of a kind from its repeats, which it counts and reports once a window. A kind that does
 * not come for a whole window is forgotten, and its next one is a first again.
 */
export class RepeatCounter<Example> {
  private readonly options: RepeatCounterOptions<Example>
  /** In the order in which they fall due, because each waits for the same window. */
  private readonly counting = new Map<string, Counting<Example>>()
  private cancel: (() => void) | undefined

  constructor(options: RepeatCounterOptions<Example>) {
    this.options = options
  }

  /**
   * Whether `kind` is not being counted yet. If it is, `example` is counted and is the newest. When as many
   * kinds as allowed are, all others count as one, `otherKinds`.
   */
  isFirst(kind: string, example: Example): boolean {
    const place = this.placeOf(kind)
    const counted = this.counting.get(place)
    if (counted) {
      counted.count++
      counted.newest = example
    } else {
      this.begin(place, example)
      this.wait()
    }
    return counted === undefined
  }

  /** Whether one of this kind would be counted now. */
  isCounting(kind: string): boolean {
    return this.counting.has(this.placeOf(kind))
  }

  /** Reports what was counted until now, and forgets all kinds. */
  flush(): void {
    this.cancel?.()
    this.cancel = undefined
    for (const [kind, counted] of this.counting) this.report(kind, counted)
    this.counting.clear()
  }

  private placeOf(kind: string): string {
    return this.counting.has(kind) || this.counting.size < this.options.kinds ? kind : otherKinds
  }

  private begin(kind: string, example: Example): void {
    const { clock, window } = this.options
    const due = clock.monotonic() + window
    this.counting.set(kind, { count: 0, newest: example, since: clock.now(), due })
  }

  /** Until the first is due. */
  private wait(): void {
    const [next] = this.counting.values()
    if (!next || this.cancel) return
    const { clock } = this.options
    this.cancel = clock.after(Math.max(0, next.due - clock.monotonic()), () => {
      this.cancel = undefined
      this.reportDue()
      this.wait()
    })
  }

  private reportDue(): void {
    const now = this.options.clock.monotonic()
    for (const [kind, counted] of this.counting) {
      if (counted.due > now) return
      this.counting.delete(kind)
      this.report(kind, counted)
      if (counted.count > 0) this.begin(kind, counted.newest)
    }
  }

  private report(kind: string, { count, since, newest }: Counting<Example>): void {
    if (count > 0) this.options.report({ kind, count, since, newest })
  }
}
