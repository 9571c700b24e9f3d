import type { BrokerCounts } from './broker-counts.ts'
import { encodePublish } from './encode-publish.ts'
import type { BrokerLimits } from './limits.ts'
import type { Publish } from './publish.ts'
import type { Retained } from './retained.ts'
import { RetainedReplays } from './retained-replays.ts'
import type { Subscriber } from './subscriber.ts'
import { Subscriptions } from './subscriptions.ts'
import { TimeSlice } from './time-slice.ts'

/**
 * Sends durable publishes, and retained messages, to MQTT subscribers. Ingest only appends to a queue that is
 * bounded in bytes. The queue is worked off in slices of a few milliseconds, one in each turn of the event
 * loop, so subscribers do not slow publishers by more than that, however many there are and whatever they do.
 * A publish that does not fit into the queue is not shown, and counted; its readings are taken all the same.
 */
export class FanOut {
  /** Bytes of publishes that wait to be sent. */
  heldBytes = 0
  private readonly limits: BrokerLimits
  private readonly counts: BrokerCounts
  private readonly now: () => number
  private readonly subscriptions = new Subscriptions<Subscriber>()
  private readonly replays: RetainedReplays
  private queue: (Publish | undefined)[] = []
  /** Place of the next publish in the queue; those before it are shown. */
  private next = 0
  private scheduled = false

  /** @param now milliseconds of the monotonic clock. */
  constructor(limits: BrokerLimits, counts: BrokerCounts, retained: Retained, now: () => number) {
    this.limits = limits
    this.counts = counts
    this.now = now
    this.replays = new RetainedReplays(retained)
  }

  /** Whether there may be subscribers to show a publish to. */
  mayReach({ topic }: Publish): boolean {
    return !this.subscriptions.isEmpty && topic.fault === undefined
  }

  /** Shows a publish to the subscribers of its topic, soon and in order. */
  show(publish: Publish): void {
    const bytes = queuedBytesOf(publish)
    if (this.heldBytes + bytes > this.limits.fanOutBytes) {
      this.counts.notShown++
      return
    }
    this.heldBytes += bytes
    this.queue.push(publish)
    this.schedule()
  }

  /** From now on the subscriber is shown what is published under the filter, and first what is retained. */
  subscribe(subscriber: Subscriber, filter: string, qos: 0 | 1 | 2): void {
    if (subscriber.destroyed) return
    this.subscriptions.add(subscriber, filter, qos)
    this.replays.add(subscriber, filter, qos)
    this.schedule()
  }

  /** Bytes that the filters of a subscriber take. */
  filterBytes(subscriber: Subscriber): number {
    return this.subscriptions.bytesOf(subscriber)
  }

  unsubscribe(subscriber: Subscriber, filter: string): void {
    this.subscriptions.remove(subscriber, filter)
  }

  /** The subscriber is gone. */
  forget(subscriber: Subscriber): void {
    this.subscriptions.removeAll(subscriber)
    this.replays.forget(subscriber)
  }

  /** The subscriber is no longer behind. */
  resume(subscriber: Subscriber): void {
    if (this.replays.isUnderWay(subscriber)) this.schedule()
  }

  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(() => this.work())
  }

  private work(): void {
    this.scheduled = false
    const slice = new TimeSlice(this.now, sliceMs)
    while (this.next < this.queue.length && !slice.isOver) this.showNext(slice)
    this.dropShown()
    if (this.replays.advance(slice) || this.queue.length > 0) this.schedule()
  }

  private showNext(slice: TimeSlice): void {
    const { topic, payload, qos } = this.queue[this.next]!
    this.heldBytes -= queuedBytesOf(this.queue[this.next]!)
    this.queue[this.next++] = undefined
    const outgoing = { topic: topic.name, payload, retain: false }
    let shared: Buffer | undefined
    for (const { subscriber, qos: wanted } of this.subscriptions.matching(topic.name)) {
      slice.charge(deliveryMs)
      if (qos === 0 || wanted === 0) {
        shared ??= encodePublish(outgoing, 0)
        subscriber.deliver(shared)
      } else {
        const lower = Math.min(qos, wanted) as 1 | 2
        subscriber.deliver(encodePublish(outgoing, lower, subscriber.nextMessageId()))
      }
    }
  }

  private dropShown(): void {
    const left = this.queue.length - this.next
    if (left > this.next) return
    this.queue = this.queue.slice(this.next)
    this.next = 0
  }
}

/** What a publish costs while it waits, its objects included. */
const queuedBytesOf = ({ topic, payload }: Publish): number => topic.name.length + payload.length + 128

const sliceMs = 4

/** What sending one packet costs after it was handed to the subscriber. */
const deliveryMs = 0.001
