import type { Reading } from '../../../devices/wire/reading.ts'
import { seconds } from '../../../lib/time/duration.ts'
import { type Minute, windowLength } from './watch-minutes.ts'

/** The bound of the default behavior's clock. */
const bound = seconds(30)
/** The simulated sensors transmit three digits at most, so whole thousandths add up without error. */
const scale = 1_000

interface Sum {
  readonly device: string
  readonly end: number
  count: number
  thousandths: number
  backlog: number
}

/** Every minute computed from what was sent, without a stream, and compared with what the actors said. */
export class MinuteLedger {
  private readonly sums = new Map<string, Sum>()
  private readonly latest = new Map<string, number>()
  private readonly right = new Set<string>()
  private readonly lagging = new Set<string>()
  private backlog = 0
  /** Final minutes that nobody expected, expected otherwise, or expected once. */
  wrong = 0

  /** What is said of this device has to be right, but not all of it needs to have been said. */
  mayLag(device: string): void {
    this.lagging.add(device)
  }

  add({ device, metric, value, time }: Reading, isBacklog: boolean): void {
    const start = time - (time % windowLength)
    const key = keyOf(device, metric, start)
    let sum = this.sums.get(key)
    if (!sum) {
      sum = { device, end: start + windowLength, count: 0, thousandths: 0, backlog: 0 }
      this.sums.set(key, sum)
    }
    sum.count++
    sum.thousandths += Math.round(value * scale)
    if (isBacklog) {
      sum.backlog++
      this.backlog++
    }
    this.latest.set(device, Math.max(time, this.latest.get(device) ?? time))
  }

  compare(device: string, { metric, window, value, count }: Minute): void {
    const key = keyOf(device, metric, window.start)
    const sum = this.sums.get(key)
    const isRight =
      sum?.count === count &&
      Math.round(value * count * scale) === sum.thousandths &&
      this.isOver(sum) &&
      !this.right.has(key)
    if (isRight) this.right.add(key)
    else this.wrong++
  }

  verdict() {
    const over = [...this.sums].filter(
      ([key, sum]) => this.isOver(sum) && (this.right.has(key) || !this.lagging.has(sum.device)),
    )
    const inTime = over.reduce((total, [key, { backlog }]) => total + (this.right.has(key) ? backlog : 0), 0)
    return {
      backlog_readings: this.backlog,
      backlog_in_event_time_percent: (100 * inTime) / this.backlog,
      minutes: over.length,
      wrong_minutes: this.wrong + over.length - this.right.size,
    }
  }

  /** The device's watermark has passed it. */
  private isOver({ device, end }: Sum): boolean {
    return end - 1 <= this.latest.get(device)! - bound - 1
  }
}

const keyOf = (device: string, metric: string, start: number): string => `${device} ${metric} ${start}`
