import type { Client, Subscription } from 'aedes'
import type { BrokerCounts } from './broker-counts.ts'
import { connectionOf } from './connection-of.ts'
import type { BrokerLimits } from './limits.ts'
import { isLoopback } from './loopback.ts'

type Done = (error: Error | null, subscription?: Subscription | null) => void

/**
 * Who may subscribe to what: from this machine to anything but `$`; from elsewhere to nothing that begins
 * with a wildcard either, so that nobody is sent everything who does not know a topic. A refusal is a SUBACK
 * of 128.
 */
export const subscriptionRule = (limits: BrokerLimits, counts: BrokerCounts) => {
  const allowed = (client: Client, topic: string): boolean => {
    if (Buffer.byteLength(topic) > limits.topicBytes || topic.split('/').length > limits.topicLevels)
      return false
    const { subscriptions } = client as Client & { subscriptions: Record<string, unknown> }
    if (Object.keys(subscriptions).length >= limits.subscriptions && !(topic in subscriptions)) return false
    return !(isLoopback(connectionOf(client).remote) ? /^\$/ : /^[$#+]/).test(topic)
  }
  return (client: Client, subscription: Subscription, done: Done): void => {
    const granted = allowed(client, subscription.topic)
    if (!granted) counts.refusedSubscriptions++
    done(null, granted ? subscription : null)
  }
}
