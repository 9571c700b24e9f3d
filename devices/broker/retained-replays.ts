import { encodePublish } from './encode-publish.ts'
import type { Retained, RetainedMessage } from './retained.ts'
import type { Subscriber } from './subscriber.ts'
import type { TimeSlice } from './time-slice.ts'
import { matchesFilter } from './topic-filter.ts'

interface Replay {
  readonly messages: Iterator<RetainedMessage>
  /** QoS by topic filter. */
  readonly filters: Map<string, 0 | 1 | 2>
}

/**
 * Sends retained messages to those who have just subscribed, as fast as they read them: nothing is copied
 * or queued. One replay for each subscriber is under way; what it subscribes to meanwhile comes after it,
 * and a filter that is given several times meanwhile counts once.
 */
export class RetainedReplays {
  private readonly retained: Retained
  private readonly underWay = new Map<Subscriber, Replay>()
  private readonly waiting = new Map<Subscriber, Map<string, 0 | 1 | 2>>()

  constructor(retained: Retained) {
    this.retained = retained
  }

  isUnderWay(subscriber: Subscriber): boolean {
    return this.underWay.has(subscriber)
  }

  add(subscriber: Subscriber, filter: string, qos: 0 | 1 | 2): void {
    if (this.retained.isEmpty) return
    const filters = this.waiting.get(subscriber) ?? new Map<string, 0 | 1 | 2>()
    this.waiting.set(subscriber, filters.set(filter, qos))
    if (!this.underWay.has(subscriber)) this.begin(subscriber)
  }

  forget(subscriber: Subscriber): void {
    this.underWay.delete(subscriber)
    this.waiting.delete(subscriber)
  }

  /** Sends on for a slice of time, each subscriber in turn. Returns whether there is more to send now. */
  advance(slice: TimeSlice): boolean {
    let more = false
    for (const [subscriber, replay] of this.underWay) {
      if (slice.isOver) return true
      for (let count = 0; count < inARow && !subscriber.isBehind; count++) {
        const { value: message, done } = replay.messages.next()
        if (done) {
          this.begin(subscriber)
          break
        }
        slice.charge(stepMs)
        send(subscriber, message, replay.filters)
      }
      more ||= this.underWay.has(subscriber) && !subscriber.isBehind
    }
    return more
  }

  private begin(subscriber: Subscriber): void {
    const filters = this.waiting.get(subscriber)
    this.waiting.delete(subscriber)
    // Set again, it goes behind the others.
    this.underWay.delete(subscriber)
    if (filters) this.underWay.set(subscriber, { filters, messages: this.retained.all() })
  }
}

const send = (
  subscriber: Subscriber,
  message: RetainedMessage,
  filters: ReadonlyMap<string, 0 | 1 | 2>,
): void => {
  let wanted = -1
  for (const [filter, qos] of filters) if (qos > wanted && matchesFilter(filter, message.topic)) wanted = qos
  if (wanted < 0) return
  const qos = Math.min(wanted, message.qos) as 0 | 1 | 2
  const outgoing = { topic: message.topic, payload: message.payload, retain: true }
  subscriber.deliver(encodePublish(outgoing, qos, qos === 0 ? undefined : subscriber.nextMessageId()))
}

const inARow = 64
const stepMs = 0.001
