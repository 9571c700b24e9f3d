import { RecentMap } from '../recent-map.ts'
import type { BrokerLimits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

/**
 * How fast new connections are taken. One address may use all of the rate but a tenth of the burst, which is
 * left for addresses that connect seldom: one that connects in a loop does not keep the others out.
 */
export class ConnectRate {
  private readonly limits: BrokerLimits
  private readonly all: TokenBucket
  private readonly reserve: number
  private readonly shares = new RecentMap<string, TokenBucket>(addressesRemembered)

  constructor(limits: BrokerLimits) {
    this.limits = limits
    this.all = new TokenBucket(limits.connectsPerSecond, limits.connectsBurst)
    this.reserve = limits.connectsBurst / 10
  }

  /** Whether a connection from `address` may be accepted at `now`, milliseconds of the monotonic clock. */
  allows(address: string, now: number): boolean {
    const isSeldom = this.shareOf(address).take(now)
    return (isSeldom || this.all.level(now) > this.reserve) && this.all.take(now)
  }

  private shareOf(address: string): TokenBucket {
    let share = this.shares.get(address)
    if (!share) {
      const { connectsPerSecond, connectsBurst } = this.limits
      share = new TokenBucket(connectsPerSecond / 10, connectsBurst / 10)
      this.shares.set(address, share)
    }
    return share
  }
}

const addressesRemembered = 10_000
