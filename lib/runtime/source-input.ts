import { isObservable, Observable } from 'rxjs'
import { Delivery } from '../actors/delivery.ts'
import type { Replayable } from './replayable.ts'

/** An iterable is pulled. An Observable of deliveries is limited by its own unacknowledged deliveries. */
export type SourceInput<T> = Observable<Delivery<T>> | Iterable<T> | AsyncIterable<T> | Replayable<T>

/** Whether `input` can start at any offset. An iterable can have a `from`, too: its own iterator counts. */
export const isReplayable = <T>(input: SourceInput<T>): input is Replayable<T> =>
  !isObservable(input) && !(Symbol.iterator in input) && !(Symbol.asyncIterator in input)

/** Values of an iterable that may wait for their commit. */
const valuesInFlight = 1_000

/** @param offset Where a replayable input starts. */
export const deliveriesOf = <T>(input: SourceInput<T>, offset = 0): Observable<Delivery<T>> => {
  if (isObservable(input)) return input
  return pulled(isReplayable(input) ? input.from(offset) : input)
}

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
