import { Qlobber } from 'qlobber'

/** A granted topic filter of one subscriber. */
export interface Subscription<Subscriber> {
  readonly subscriber: Subscriber
  readonly qos: 0 | 1 | 2
}

/** The topic filters of all connected subscribers. */
export class Subscriptions<Subscriber extends object> {
  private readonly filters = new Qlobber<Subscription<Subscriber>>({
    separator: '/',
    wildcard_one: '+',
    wildcard_some: '#',
    match_empty_levels: true,
    // How deep a topic may be is for `topicLevels` to say.
    max_words: 65_536,
  })
  private readonly bySubscriber = new Map<Subscriber, Map<string, Subscription<Subscriber>>>()

  get isEmpty(): boolean {
    return this.bySubscriber.size === 0
  }

  /** Adds a filter. A filter that the subscriber has already gets the new QoS. */
  add(subscriber: Subscriber, filter: string, qos: 0 | 1 | 2): void {
    this.remove(subscriber, filter)
    const subscription = { subscriber, qos }
    this.filters.add(filter, subscription)
    const own = this.bySubscriber.get(subscriber)
    if (own) own.set(filter, subscription)
    else this.bySubscriber.set(subscriber, new Map([[filter, subscription]]))
  }

  remove(subscriber: Subscriber, filter: string): void {
    const own = this.bySubscriber.get(subscriber)
    const subscription = own?.get(filter)
    if (!own || !subscription) return
    this.filters.remove(filter, subscription)
    own.delete(filter)
    if (own.size === 0) this.bySubscriber.delete(subscriber)
  }

  /** Removes all filters of a subscriber. */
  removeAll(subscriber: Subscriber): void {
    for (const filter of [...(this.bySubscriber.get(subscriber)?.keys() ?? [])])
      this.remove(subscriber, filter)
  }

  /** About the bytes that the filters of a subscriber take: the matcher has a map for each level. */
  bytesOf(subscriber: Subscriber): number {
    let bytes = 0
    for (const filter of this.bySubscriber.get(subscriber)?.keys() ?? [])
      bytes += 2 * filter.length + filter.split('/').length * levelBytes
    return bytes
  }

  /** Each subscriber to `topic` once, with the highest QoS of its filters that match. */
  matching(topic: string): readonly Subscription<Subscriber>[] {
    const found = this.filters.match(topic)
    if (found.length < 2) return found
    const highest = new Map<Subscriber, Subscription<Subscriber>>()
    for (const subscription of found) {
      const other = highest.get(subscription.subscriber)
      if (!other || other.qos < subscription.qos) highest.set(subscription.subscriber, subscription)
    }
    return [...highest.values()]
  }
}

const levelBytes = 256
