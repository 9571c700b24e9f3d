import type { BrokerLimits } from './limits.ts'
import type { Publish } from './publish.ts'
import type { Sender } from './sender.ts'
import { filterFault, matchesFilter } from './topic-filter.ts'

/** The newest retained message of a topic. */
export interface RetainedMessage {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: Publish['qos']
}

/**
 * What publishers asked to be kept for later subscribers, as far as the topic is allowed: in memory, bounded
 * in number and bytes, and gone with the process.
 *
 * @throws RangeError for what is no topic filter.
 */
export class Retained {
  /** Bytes of the messages that are kept. */
  heldBytes = 0
  private readonly filters: readonly string[]
  private readonly limits: BrokerLimits
  private readonly messages = new Map<string, RetainedMessage>()

  constructor(filters: readonly string[], limits: BrokerLimits) {
    for (const filter of filters) {
      const fault = filterFault(filter)
      if (fault) throw new RangeError(`retain: ${fault}`)
    }
    this.filters = filters
    this.limits = limits
  }

  /** The sender of a retained publish, keeping it once it is durable; undefined when it is not to be kept. */
  keeping(sender: Sender, publish: Publish): Sender | undefined {
    const { topic } = publish
    if (topic.fault !== undefined || !this.filters.some((filter) => matchesFilter(filter, topic.name)))
      return undefined
    if (!this.hasRoomFor(publish)) return undefined
    return {
      clientId: sender.clientId,
      share: sender.share,
      named: sender.named,
      shows: (it) => sender.shows(it),
      settle: (held, taken) => {
        if (taken) this.keep(publish)
        sender.settle(held, taken)
      },
    }
  }

  get isEmpty(): boolean {
    return this.messages.size === 0
  }

  /**
   * The messages that are kept, without a copy of them: one that is replaced meanwhile comes in its new form,
   * one that is added later may be missing.
   */
  *all(): Generator<RetainedMessage, undefined> {
    let left = this.messages.size
    for (const message of this.messages.values()) {
      if (left-- === 0) return
      yield message
    }
  }

  private hasRoomFor({ topic, payload }: Publish): boolean {
    const { retainedMessages, retainedBytes } = this.limits
    const old = this.messages.get(topic.name)
    const bytes = this.heldBytes - (old ? old.payload.length : 0) + payload.length
    const fits = bytes <= retainedBytes && (old !== undefined || this.messages.size < retainedMessages)
    return fits || payload.length === 0
  }

  /** An empty message removes the one before it. What many have sent at once may have taken up the room. */
  private keep(publish: Publish): void {
    const { topic, payload, qos } = publish
    if (!this.hasRoomFor(publish)) return
    this.heldBytes += payload.length - (this.messages.get(topic.name)?.payload.length ?? 0)
    this.messages.delete(topic.name)
    if (payload.length === 0) return
    this.messages.set(topic.name, { topic: topic.name, payload: Buffer.from(payload), qos })
  }
}
