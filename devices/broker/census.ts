import { excerpt } from '../formats/excerpt.ts'
import { RecentMap } from '../recent-map.ts'
import type { Reading } from '../wire/reading.ts'
import type { BrokerLimits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

/**
 * Knows which devices have which metrics, and bounds how fast and how far their number grows: names are
 * chosen by clients, and each would otherwise cost memory for good.
 */
export class Census {
  private readonly limits: BrokerLimits
  private readonly metricsOf: RecentMap<string, Set<string>>
  private readonly newcomers: TokenBucket

  constructor(limits: BrokerLimits) {
    this.limits = limits
    this.metricsOf = new RecentMap(limits.devices)
    this.newcomers = new TokenBucket(limits.newDevicesPerSecond, limits.newDevicesBurst)
  }

  /** Why `reading` exceeds a limit, or undefined when it may pass. */
  fault({ device, metric }: Reading, now: number): string | undefined {
    let metrics = this.metricsOf.get(device)
    if (metrics?.has(metric)) return undefined
    if (!metrics) {
      if (!this.newcomers.take(now))
        return `device ${excerpt(device)} is new, and more than ${this.limits.newDevicesPerSecond} new devices a second appeared: publish again later, or raise newDevicesPerSecond`
      metrics = new Set()
      this.metricsOf.set(device, metrics)
    }
    const { metricsPerDevice } = this.limits
    if (metrics.size >= metricsPerDevice)
      return `metric ${excerpt(metric)} is one more than the ${metricsPerDevice} that device ${excerpt(device)} may have: raise metricsPerDevice`
    metrics.add(metric)
    return undefined
  }
}
