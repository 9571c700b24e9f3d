import { DeliverPolicy, jetstream } from '@nats-io/jetstream'
import { Observable } from 'rxjs'
import type { Anomaly } from '../devices/wire/anomaly.ts'
import { anomalySubjects } from '../devices/wire/anomaly-subject.ts'
import type { Nats } from '../lib/nats/connect-nats.ts'
import { seconds } from '../lib/time/duration.ts'
import { systemClock, type WallClock } from '../lib/time/wall-clock.ts'

export interface AnomalyFeedOptions {
  readonly stream: string
  /** Wall time from which on anomalies are wanted, by when the stream took them. */
  readonly since: number
  /** A NATS wildcard, all anomalies unless given. */
  readonly subject?: string
  readonly clock?: WallClock
}

/** Anomalies from the stream, as they were published and then as they come. Goes on through outages. */
export const anomalyFeed = (nats: Nats, options: AnomalyFeedOptions): Observable<Anomaly> =>
  new Observable((subscriber) => {
    const { stream, since, subject = anomalySubjects, clock = systemClock } = options
    let stop = (): void => {}

    const follow = async (): Promise<void> => {
      const consumer = await jetstream(await nats.connection).consumers.get(stream, {
        filter_subjects: subject,
        deliver_policy: DeliverPolicy.StartTime,
        opt_start_time: new Date(since).toISOString(),
      })
      const messages = await consumer.consume()
      stop = () => messages.stop()
      if (subscriber.closed) return stop()
      for await (const message of messages) {
        const { data } = message.json<{ data: Anomaly }>()
        subscriber.next(data)
      }
    }
    // Until somebody publishes there may be no stream, and no server either.
    const retry = (): void => {
      if (subscriber.closed) return
      const cancel = clock.after(seconds(0.5), () => void follow().catch(retry))
      stop = cancel
    }
    follow().catch(retry)
    return () => stop()
  })
