import { DeliverPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { filter, Observable } from 'rxjs'
import type { CloudEvent } from '../lib/nats/cloud-event.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import { seconds } from '../lib/time/duration.ts'
import { systemClock, type WallClock } from '../lib/time/wall-clock.ts'

export interface FeedOptions {
  readonly stream: string
  /** Wall time from which on events are wanted, by when the stream took them. */
  readonly since: number
  /** A NATS wildcard. */
  readonly subject: string
  readonly clock?: WallClock
}

/** An event, and when the stream took it, epoch milliseconds. */
export interface FedEvent {
  readonly event: CloudEvent
  readonly taken: number
}

/**
 * Events from the stream, as they were published and then as they come, each once. Goes on through outages,
 * and past what is no event: anybody may publish to a stream.
 */
export const eventFeed = (nats: Nats, options: FeedOptions): Observable<FedEvent> =>
  new Observable((subscriber) => {
    const { stream, since, subject, clock = systemClock } = options
    let stop = (): void => {}
    let next: number | undefined
    let made: string | undefined

    const follow = async (): Promise<void> => {
      const connection = await nats.connection
      const { created } = await (await jetstreamManager(connection)).streams.info(stream)
      // The numbers of a stream that was made anew begin anew.
      if (created !== made) next = undefined
      made = created
      const consumer = await jetstream(connection).consumers.get(stream, {
        filter_subjects: subject,
        ...(next === undefined
          ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(since).toISOString() }
          : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: next }),
      })
      const messages = await consumer.consume()
      // The server forgets its consumers when it ends, and the client does not always notice.
      const loss = nats.status.pipe(filter(({ connected }) => !connected)).subscribe(() => messages.stop())
      stop = () => {
        loss.unsubscribe()
        messages.stop()
      }
      if (subscriber.closed) return stop()
      for await (const message of messages) {
        next = message.seq + 1
        const event = eventIn(message)
        if (event) subscriber.next({ event, taken: Number(message.timestampNanos / 1_000_000n) })
      }
      loss.unsubscribe()
    }
    // Until somebody publishes there may be no stream, and no server either.
    const retry = (): void => {
      if (subscriber.closed) return
      const cancel = clock.after(seconds(0.5), () => void follow().then(retry, retry))
      stop = cancel
    }
    follow().then(retry, retry)
    return () => stop()
  })

const eventIn = (message: JsMsg): CloudEvent | undefined => {
  try {
    return message.json<CloudEvent>()
  } catch {
    return undefined
  }
}
