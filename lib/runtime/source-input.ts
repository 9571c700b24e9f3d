import { isObservable, Observable } from 'rxjs'
import { Delivery } from '../actors/delivery.ts'

/** An iterable is pulled. An Observable of deliveries is limited by its own unacknowledged deliveries. */
export type SourceInput<T> = Observable<Delivery<T>> | Iterable<T> | AsyncIterable<T>

/** Values of an iterable that may wait for their commit. */
const valuesInFlight = 1_000

export const deliveriesOf = <T>(input: SourceInput<T>): Observable<Delivery<T>> =>
  isObservable(input) ? input : pulled(input)

const pulled = <T>(input: Iterable<T> | AsyncIterable<T>): Observable<Delivery<T>> =>
  new Observable((subscriber) => {
    const iterator = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]()
    let inFlight = 0
    let resume = (): void => {}
    const done = (): void => {
      inFlight--
      resume()
    }
    const pull = async (): Promise<void> => {
      while (!subscriber.closed) {
        if (inFlight >= valuesInFlight) {
          await new Promise<void>((resolve) => {
            resume = resolve
          })
          continue
        }
        const { done: hasEnded, value } = await iterator.next()
        if (hasEnded) return subscriber.complete()
        inFlight++
        subscriber.next(new Delivery([value], { ack: done, reject: done }))
      }
      await iterator.return?.()
    }
    pull().catch((error: unknown) => subscriber.error(error))
    return () => resume()
  })
