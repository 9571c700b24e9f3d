import { excerpt } from '../formats/excerpt.ts'
import type { Fault } from '../formats/format.ts'
import { RecentMap } from '../recent-map.ts'
import type { Reading } from '../wire/reading.ts'
import type { BrokerLimits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

export type ExceededLimit = 'newDevicesPerSecond' | 'metricsPerDevice'

/**
 * Knows which devices have which metrics, and bounds how fast and how far their number grows: names are
 * chosen by clients, and each would otherwise cost memory for good.
 */
export class Census {
  private readonly limits: BrokerLimits
  private readonly metricsOf: RecentMap<string, Set<string>>
  private readonly newcomers: TokenBucket
  private readonly isKnown: (device: string) => boolean

  /** @param isKnown Whether a device that has not been seen yet was known before: it is no newcomer. */
  constructor(limits: BrokerLimits, isKnown: (device: string) => boolean = () => false) {
    this.limits = limits
    this.isKnown = isKnown
    this.metricsOf = new RecentMap(limits.devices)
    this.newcomers = new TokenBucket(limits.newDevicesPerSecond, limits.newDevicesBurst)
  }

  /** The limit that `reading` exceeds, or undefined when it may pass. */
  exceeded({ device, metric }: Reading, now: number): ExceededLimit | undefined {
    let metrics = this.metricsOf.get(device)
    if (metrics?.has(metric)) return undefined
    if (!metrics) {
      if (!this.isKnown(device) && !this.newcomers.take(now)) return 'newDevicesPerSecond'
      metrics = new Set()
      this.metricsOf.set(device, metrics)
    }
    if (metrics.size >= this.limits.metricsPerDevice) return 'metricsPerDevice'
    metrics.add(metric)
    return undefined
  }

  /** Why a reading that exceeds `limit` is not taken. */
  faultOf(limit: ExceededLimit, { device, metric }: Reading): Fault {
    const bound = this.limits[limit]
    return limit === 'metricsPerDevice'
      ? {
          kind: 'too many metrics',
          message: `metric ${excerpt(metric)} is one more than the ${bound} that device ${excerpt(device)} may have: raise metricsPerDevice`,
        }
      : {
          kind: 'too many new devices',
          message: `device ${excerpt(device)} is new, and more than ${bound} new devices a second appeared: publish again later, or raise newDevicesPerSecond`,
        }
  }
}
