import { DeliverPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { filter, Observable } from 'rxjs'
import { type CloudEvent, readCloudEvent } from '../lib/nats/cloud-event.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import { seconds } from '../lib/time/duration.ts'
import { systemClock, type WallClock } from '../lib/time/wall-clock.ts'
import { IgnoredMessages } from './ignored-messages.ts'

export interface FeedOptions {
  readonly stream: string
  /** Wall time from which on events are wanted, by when the stream took them. */
  readonly since: number
  /** A NATS wildcard. */
  readonly subject: string
  /** Receives a line with the number of messages that the feed could not read, at most once a minute. */
  readonly report?: (line: string) => void
  /** Undefined while more events are wanted at once; else resolves when they are. */
  readonly room?: () => Promise<void> | undefined
  readonly clock?: WallClock
}

export interface FedEvent {
  readonly event: CloudEvent
  /** The NATS subject that it was published to. */
  readonly subject: string
  /** When the stream took it, epoch milliseconds. */
  readonly taken: number
}

/** What a feed emits, and how it gets that from an event. */
export interface FeedContent<T> {
  /** In the plural, for a report: `anomalies`. */
  readonly name: string
  /** Undefined for an event of another shape. Must not throw, whatever the event's `data` holds. */
  readonly read: (fed: FedEvent) => T | undefined
}

/**
 * What is in a stream, as it was published and then as it comes, each once. Goes on through outages. Any
 * client can publish to a stream: a message that is not a CloudEvent, or not of the wanted shape, is counted,
 * reported and passed over. Fetches nothing while there is no room for it.
 */
export const eventFeed = <T>(
  nats: Nats,
  options: FeedOptions,
  { name, read }: FeedContent<T>,
): Observable<T> =>
  new Observable((subscriber) => {
    const { stream, since, subject, report = () => {}, room = () => undefined, clock = systemClock } = options
    const ignored = new IgnoredMessages(name, report, clock)
    let stop = (): void => {}
    let next: number | undefined
    let made: string | undefined
    let isPermitted = true

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
        const content = contentOf(message, read)
        if (content === undefined) ignored.add(message.subject)
        else subscriber.next(content)
        if (!room()) continue
        // The client fetches whether or not its messages are read: another consumer goes on from `next`.
        stop()
        await consumer.delete().catch(() => {})
        return
      }
      loss.unsubscribe()
    }
    const followAsThereIsRoom = async (): Promise<void> => {
      do {
        await room()
        if (subscriber.closed) return
        await follow()
      } while (room())
    }
    // Until somebody publishes there may be no stream, and no server either.
    const retry = (error?: unknown): void => {
      if (subscriber.closed) return
      const wasPermitted = isPermitted
      isPermitted = !(error instanceof Error && /permissions violation/i.test(error.message))
      if (wasPermitted && !isPermitted) report(notPermitted(name))
      const cancel = clock.after(seconds(0.5), () => void followAsThereIsRoom().then(retry, retry))
      stop = cancel
    }
    followAsThereIsRoom().then(retry, retry)
    return () => {
      stop()
      ignored.close()
    }
  })

const notPermitted = (name: string): string =>
  `${name} cannot be read: the NATS server does not allow this user to use JetStream. Give an address with a ` +
  'user that may, nats://user:password@host:4222; for the server that tidemark runs, it is in the file nats/url ' +
  'of the data folder'

const contentOf = <T>(message: JsMsg, read: FeedContent<T>['read']): T | undefined => {
  const event = readCloudEvent(message.data)
  return (
    event && read({ event, subject: message.subject, taken: Number(message.timestampNanos / 1_000_000n) })
  )
}
