import type { WallClock } from '../../lib/time/wall-clock.ts'
import type { BrokerCounts } from './broker-counts.ts'
import type { Waiting } from './gate.ts'
import type { BrokerLimits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

/** How fast one connection may publish. */
export class Pace {
  private readonly clock: WallClock
  private readonly counts: BrokerCounts
  private readonly bucket: TokenBucket
  private cancel: (() => void) | undefined

  constructor(clock: WallClock, counts: BrokerCounts, bucket: TokenBucket) {
    this.clock = clock
    this.counts = counts
    this.bucket = bucket
  }

  /** Whether the connection is waiting, and is not to be read from meanwhile. */
  get isWaiting(): boolean {
    return this.cancel !== undefined
  }

  /** Whether a publish may be taken now. If not, calls `connection.advance()` when some may. */
  allows(connection: Pick<Waiting, 'advance'>): boolean {
    if (this.isWaiting) return false
    const wait = this.bucket.readyIn(this.clock.monotonic())
    if (wait === 0) return true
    this.counts.slowedDown++
    this.cancel = this.clock.after(Math.max(leastWaitMs, wait), () => {
      this.cancel = undefined
      connection.advance()
    })
    return false
  }

  /** A publish was taken. */
  spend(): void {
    this.bucket.take(this.clock.monotonic())
  }

  stop(): void {
    this.cancel?.()
  }
}

/** Makes the pace of each connection. Undefined when any is allowed: then nothing is asked for a publish. */
export const paceMaker = (
  { publishesPerSecond, publishesBurst }: BrokerLimits,
  clock: WallClock,
  counts: BrokerCounts,
): (() => Pace) | undefined => {
  if (publishesPerSecond === Number.POSITIVE_INFINITY) return undefined
  if (!(publishesPerSecond > 0 && publishesBurst >= 1)) {
    throw new RangeError(
      `limits: publishesPerSecond ${publishesPerSecond} with publishesBurst ${publishesBurst} lets nobody ` +
        'publish: give more than 0, and a burst of 1 or more',
    )
  }
  return () => new Pace(clock, counts, new TokenBucket(publishesPerSecond, publishesBurst))
}

/** Some come together, rather than one at a time with a timer each. */
const leastWaitMs = 20
