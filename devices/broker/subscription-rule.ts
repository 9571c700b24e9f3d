import type { Client, Subscription } from 'aedes'
import { excerpt } from '../formats/excerpt.ts'
import { connectionOf } from './connection-of.ts'
import type { BrokerLimits } from './limits.ts'
import { isLoopback } from './loopback.ts'
import type { Refusals } from './refusals.ts'

type Done = (error: Error | null, subscription?: Subscription | null) => void

/**
 * Clients on this machine may subscribe to anything but `$`; others to nothing that begins with a wildcard
 * either, so that a client which knows no topic is not sent everything. A refusal is a SUBACK of 128.
 */
export const subscriptionRule = (limits: BrokerLimits, refusals: Refusals) => {
  const { topicBytes, topicLevels } = limits
  /** Why `client` may not subscribe to `filter`, or undefined. */
  const faultOf = (client: Client, filter: string): string | undefined => {
    if (Buffer.byteLength(filter) > topicBytes || filter.split('/').length > topicLevels)
      return `it has more than ${topicBytes} bytes or ${topicLevels} levels; shorten it`
    const { subscriptions } = client as Client & { subscriptions: Record<string, unknown> }
    if (Object.keys(subscriptions).length >= limits.subscriptions && !(filter in subscriptions))
      return `it has ${limits.subscriptions} subscriptions already; use a wildcard`
    if (filter.startsWith('$')) return 'topics that begin with "$" are the broker\'s own; name others'
    return /^[#+]/.test(filter) && !isLoopback(connectionOf(client).remote)
      ? 'from another machine a filter must not begin with a wildcard; name the first level, as in v1/#'
      : undefined
  }
  return (client: Client, subscription: Subscription, done: Done): void => {
    const fault = faultOf(client, subscription.topic)
    if (fault !== undefined) {
      const reason = `may not subscribe to ${excerpt(subscription.topic)}: ${fault}`
      refusals.add('refusedSubscriptions', connectionOf(client), reason)
    }
    done(null, fault === undefined ? subscription : null)
  }
}
