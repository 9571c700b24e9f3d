import { Observable } from 'rxjs'
import type { Delivery } from '../../../lib/actors/delivery.ts'

/** Milliseconds that the thread has been busy with the deliveries that `matches` picks. */
export class BusyWith<T> {
  milliseconds = 0
  private readonly matches: (value: T) => boolean

  constructor(matches: (value: T) => boolean) {
    this.matches = matches
  }

  /** The same deliveries, with the time measured that whoever follows takes for them. */
  readonly measure = (source: Observable<Delivery<T>>): Observable<Delivery<T>> =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (delivery) => {
          const begun = performance.now()
          subscriber.next(delivery)
          if (delivery.values.some(this.matches)) this.milliseconds += performance.now() - begun
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    )
}
